"""Fixed windows, counted in this process: a number and an end for each name, and nothing to wait for."""

from math import ceil
from time import monotonic

_FEW = 1024  # windows; fewer are not looked through for those that have ended


class Windows:
    """Counts under names; a window begins with its first count.

    What has ended goes when there are twice as many as the last time somebody looked: so a count costs the same,
    however many there are.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[int, float]] = {}
        self._many = _FEW

    def __len__(self) -> int:
        return len(self._found)

    def count(self, kind: str, who: str, *, cost: int, seconds: int, most: int | None = None) -> tuple[int, int] | None:
        """What is taken now, and the seconds until the window ends; beyond `most`, nothing is counted: None."""
        now, name = monotonic(), (kind, who)
        taken, ends = self._found.get(name, (0, 0.0))
        if ends <= now:
            taken, ends = 0, now + seconds
            self._make_room(now)
        taken += cost
        if most is not None and taken > most:
            return None
        self._found[name] = (taken, ends)
        return taken, max(1, ceil(ends - now))

    def _make_room(self, now: float) -> None:
        if len(self._found) >= self._many:
            self._found = {name: window for name, window in self._found.items() if window[1] > now}
            self._many = max(_FEW, 2 * len(self._found))
