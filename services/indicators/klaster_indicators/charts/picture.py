"""What the drawing process is told: numbers, days and words, as plain JSON; nothing here loads anything heavy."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, Self

from klaster_indicators.languages import OneLanguage

VERSION = 2  # raise it when drawing changes: pictures that callers keep are then asked for anew
Kind = Literal["exact", "approximate", "running", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A number on a day, and how it is written beside its mark."""

    on: date
    value: float
    label: str
    kind: Kind = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that a chart shows."""

    language: OneLanguage
    width: int
    height: int
    title: str
    subtitle: str
    description: str
    axis: str
    nothing: str | None
    baseline: Mark | None
    target: Mark | None
    interim: list[Mark]
    joined: bool
    observations: list[Mark]
    legend: dict[str, str]
    version: int = VERSION

    @property
    def marks(self) -> list[Mark]:
        """Every number that it shows."""
        return [mark for mark in (self.baseline, *self.interim, self.target, *self.observations) if mark is not None]

    @property
    def way(self) -> list[Mark]:
        """From the baseline to the target, by the targets in between; nothing where there is no way to draw."""
        if not self.joined or self.baseline is None or self.target is None:
            return []
        return [self.baseline, *self.interim, self.target]

    def to_json(self) -> bytes:
        """The question to the drawing process."""
        return json.dumps(asdict(self), default=date.isoformat, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """The question as the drawing process reads it."""
        told = json.loads(text)
        for name in ("baseline", "target"):
            told[name] = _mark(told[name])
        for name in ("interim", "observations"):
            told[name] = [_mark(mark) for mark in told[name]]
        return cls(**told)


def _mark(told: dict[str, Any] | None) -> Mark | None:
    return None if told is None else Mark(**{**told, "on": date.fromisoformat(told["on"])})
