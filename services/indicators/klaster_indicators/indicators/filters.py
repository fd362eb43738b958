"""Which indicators are asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Filter:
    """Which indicators of an edition are asked for; empty means all."""

    levels: Collection[str] = ()
    paths: Collection[int] | None = None
    effects: Collection[str] = ()
    programmes: Collection[str] = ()
    sigs: Collection[str] = ()
    live: bool | None = None
    words: Collection[str] = ()
    ids: Collection[UUID] | None = None
