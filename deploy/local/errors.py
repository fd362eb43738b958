"""What the runner refuses: one clear sentence each, with what to change."""


class Refusal(Exception):  # noqa: N818 - it is an answer to the user, not a fault of the program
    """The runner does not start, or stops, and the sentence says why."""
