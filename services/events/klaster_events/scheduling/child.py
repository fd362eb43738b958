"""The planning process: seconds of pure computing, which would stop everything else in the service's own.

The only place that loads the solver, and only where a bound is asked for.
"""

from klaster_events.scheduling.planning import fewest, heal, plan
from klaster_events.scheduling.question import Answer, Question, read_question, write_answer
from klaster_shared.children.serving import serve

MEMORY = 2 << 30  # address space; a bound for 500 people and 2,500 wishes takes a quarter of it
IDLE = 60.0  # seconds; then the memory is free again


def answer(text: bytes) -> bytes:
    """A plan for a question."""
    asked = read_question(text)
    forum = asked.forum
    if asked.first is None:
        made = plan(forum, seconds=asked.seconds)
    else:
        made = heal(forum, first=asked.first, seconds=asked.seconds)
    worth = sum(forum.wishes[wish].worth for wish in made.schedule)
    given = Answer(plan=made, worth=worth, fewest=fewest(forum, made.schedule), bound=_bound(asked))
    return write_answer(given)


def _bound(asked: Question) -> float | None:
    if asked.bound_seconds <= 0:
        return None
    from klaster_events.scheduling.bound import upper_bound

    return upper_bound(asked.forum, [wish.worth for wish in asked.forum.wishes], seconds=asked.bound_seconds)


if __name__ == "__main__":
    serve(answer, memory=MEMORY, idle=IDLE)
