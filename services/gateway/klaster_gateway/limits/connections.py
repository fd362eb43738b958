"""How many connections at once: more than files may be open, or memory holds, and nobody is served any longer."""

import resource
from collections import Counter
from collections.abc import Sequence

from klaster_gateway.limits.addresses import Network, bucket_of, is_within
from klaster_gateway.limits.errors import ServiceBusy, TooManyAtOnce
from klaster_shared.errors import Problem

_SOON = {"Retry-After": "1"}


class Connections:
    """Counts those that are open: a quarter of them may come from one address, unless a proxy that is known has it."""

    def __init__(self, *, most: int, trusted: Sequence[Network]) -> None:
        self._most = _within_files(most)
        self._share = max(1, self._most // 4)
        self._trusted = trusted
        self._open = 0
        self._from: Counter[str] = Counter()

    def open(self, address: str) -> Problem | None:
        """Count one more; why it is not let in, where it is not. Whoever opens closes, also what was not let in."""
        bucket = bucket_of(address)
        self._open += 1
        self._from[bucket] += 1
        if self._open > self._most:
            return ServiceBusy(f"{self._most} connections are open", headers=_SOON)
        if self._from[bucket] > self._share and not is_within(address, self._trusted):
            return TooManyAtOnce(f"{self._share} connections from your address are open", headers=_SOON)
        return None

    def close(self, address: str) -> None:
        """Count one less."""
        bucket = bucket_of(address)
        self._open -= 1
        self._from[bucket] -= 1
        if not self._from[bucket]:
            del self._from[bucket]


def _within_files(most: int) -> int:
    """A quarter of the files that a process may open is left for the services behind, the database and its log."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most if files == resource.RLIM_INFINITY else max(2, min(most, files * 3 // 4))
