"""How much at once: a service that is slow is protected from a queue, and no caller takes all of it.

Whoever waits on purpose (a stream, a long poll) is counted apart: a hundred followers keep nobody from asking. So are
those who listen to the gateway's own stream, which keeps no service busy.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from klaster_gateway.forwarding.head import Head
from klaster_gateway.limits.errors import ServiceBusy, TooManyAtOnce

_SOON = {"Retry-After": "1"}
Waits = Literal["asks", "waits", "listens"]


@dataclass(slots=True)
class _Place:
    busy: int = 0
    callers: Counter[str] = field(default_factory=Counter)


class Crowd:
    """Counts what is under way, by service and caller."""

    def __init__(self, *, requests: int, streams: int, listeners: int) -> None:
        self._limits: dict[Waits, int] = {"asks": requests, "waits": streams, "listens": listeners}
        # No caller takes all of it; nobody needs a hundred streams of the same changes.
        self._shares: dict[Waits, int] = {"asks": requests // 2, "waits": streams // 2, "listens": listeners // 10}
        self._places: dict[tuple[str, Waits], _Place] = {}

    @contextmanager
    def within(self, service: str, who: str, *, how: Waits) -> Iterator[None]:
        """Count a request for as long as it is under way; raises ServiceBusy or TooManyAtOnce at once."""
        place = self._places.setdefault((service, how), _Place())
        limit, share = self._limits[how], self._shares[how]
        if place.busy >= limit:
            raise ServiceBusy(f"{limit} requests to {service} are under way", headers=_SOON)
        if place.callers[who] >= share:
            raise TooManyAtOnce(f"{share} of them are yours: send the next one when one has ended", headers=_SOON)
        place.busy += 1
        place.callers[who] += 1
        try:
            yield
        finally:
            place.busy -= 1
            place.callers[who] -= 1
            if not place.callers[who]:
                del place.callers[who]


def waits_on_purpose(head: Head, query: bytes) -> Waits:
    """Whether a request asks to be answered later: a stream of events, or a long poll."""
    if b"wait=" in query:
        return "waits"
    listens = any(name == "accept" and "text/event-stream" in value for name, value in head.forwarded)
    return "waits" if listens else "asks"
