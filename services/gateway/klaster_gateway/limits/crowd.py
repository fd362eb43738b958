"""How much at once: a service that is slow is protected from a queue, and no caller takes all of it.

Whoever waits on purpose (a stream, a long poll) is counted apart: a hundred followers keep nobody from asking.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from klaster_gateway.forwarding.head import Head
from klaster_gateway.limits.errors import ServiceBusy, TooManyAtOnce

_SOON = {"Retry-After": "1"}


@dataclass(slots=True)
class _Place:
    busy: int = 0
    callers: Counter[str] = field(default_factory=Counter)


class Crowd:
    """Counts what is under way, by service and caller."""

    def __init__(self, *, requests: int, streams: int) -> None:
        self._limits = {False: requests, True: streams}
        self._places: dict[tuple[str, bool], _Place] = {}

    @contextmanager
    def within(self, service: str, who: str, *, waits: bool) -> Iterator[None]:
        """Count a request for as long as it is under way; raises ServiceBusy or TooManyAtOnce at once."""
        place = self._places.setdefault((service, waits), _Place())
        limit = self._limits[waits]
        if place.busy >= limit:
            raise ServiceBusy(f"{limit} requests to {service} are under way", headers=_SOON)
        if place.callers[who] >= limit // 2:
            raise TooManyAtOnce(f"{limit // 2} of them are yours: send the next one when one has ended", headers=_SOON)
        place.busy += 1
        place.callers[who] += 1
        try:
            yield
        finally:
            place.busy -= 1
            place.callers[who] -= 1
            if not place.callers[who]:
                del place.callers[who]


def waits_on_purpose(head: Head, query: bytes) -> bool:
    """Whether a request asks to be answered later: a stream of events, or a long poll."""
    if b"wait=" in query:
        return True
    return any(name == "accept" and "text/event-stream" in value for name, value in head.forwarded)
