"""What receivers answer, as far as it matters here."""

from dataclasses import dataclass

_AWAY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said: a status, or why there is none; and for how long it asks to be left alone."""

    status: int | None
    problem: str | None = None
    retry_after: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether it has the message now."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def away(self) -> bool:
        """Whether another message would fare no better at this moment."""
        return self.status is None or self.status >= 500 or self.status in _AWAY
