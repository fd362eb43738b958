"""What is kept, within a bound of bytes, and until when it holds."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic

FRESH_SECONDS = 10.0  # what depends on the time of day and not on a change is asked for anew after this long
MAX_ENTRY = 256 * 1024  # bytes
Key = tuple[bytes, tuple[str, ...], str, str]
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Entry:
    """An answer, the state of the services that it was made from, and how long it holds."""

    headers: Headers
    body: bytes
    etag: bytes | None
    made_of: tuple[int, ...]
    made_at: float
    fresh_until: float

    @property
    def size(self) -> int:
        """Bytes that it takes, headers included."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + 500


class Store:
    """Entries, the least lately used going first; and how often each service has changed."""

    def __init__(self, services: Iterable[str], *, max_bytes: int) -> None:
        self._turns = dict.fromkeys(services, 0)
        self._followed: set[str] = set()
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._max_bytes = max_bytes
        self.bytes = 0

    def state(self, services: Iterable[str]) -> tuple[int, ...] | None:
        """What an answer made of these services is made of now; None where one of them is not followed."""
        found = []
        for service in services:
            if service not in self._followed:
                return None
            found.append(self._turns[service])
        return tuple(found)

    def note_change(self, service: str) -> None:
        """Whatever was made of a service so far holds no longer."""
        self._turns[service] += 1

    def follow(self, service: str) -> None:
        """Its changes are heard of from now on."""
        self.note_change(service)
        self._followed.add(service)

    def lose(self, service: str) -> None:
        """Its changes are not heard of: nothing of it is kept until they are."""
        self._followed.discard(service)

    def find(self, key: Key) -> Entry | None:
        """The answer kept under a key, fresh or not."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def keep(self, key: Key, entry: Entry) -> None:
        """Keep an answer; what was used longest ago makes room."""
        self._drop(key)
        if entry.size > MAX_ENTRY:
            return
        self._entries[key] = entry
        self.bytes += entry.size
        while self.bytes > self._max_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: Key) -> None:
        gone = self._entries.pop(key, None)
        if gone is not None:
            self.bytes -= gone.size


def is_fresh(entry: Entry, state: tuple[int, ...]) -> bool:
    """Whether an answer still says what the services would say."""
    return entry.made_of == state and entry.fresh_until > monotonic()
