"""How many examples a property is tried with: few and always the same ones by default, many and new ones on request.

`make test` runs under the profile `repeatable`, so that nobody's work fails by a rare example that has nothing to do
with it; `make test-search` looks for such examples, under the profile `search`.
"""

from hypothesis import settings

USUAL, SEARCHING = 100, 1000
# No deadline: a machine that does other work at the same time is no failure of ours.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=USUAL)
settings.register_profile("search", deadline=None, max_examples=SEARCHING, print_blob=True)


def examples(usual: int) -> int:
    """So many examples as a rule, and as many times more as the profile has more than usual."""
    return usual * settings().max_examples // USUAL
