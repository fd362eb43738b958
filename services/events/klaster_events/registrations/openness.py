"""Whether an event takes registrations, and from whom."""

from datetime import datetime
from typing import Any

from klaster_events.events.errors import EventNotFound, WrongState
from klaster_events.events.models import Event
from klaster_events.registrations.errors import RegistrationClosed
from klaster_events.registrations.wishes import Wish

_OFFICE = frozenset({"office", "import"})  # lets people in before and after the window, as long as nothing has begun


def check_open(event: Event, wish: Wish, now: datetime) -> None:
    """Raises EventNotFound, WrongState, or RegistrationClosed with the window where nobody like this may register."""
    if event.state == "draft":
        raise EventNotFound(f"There is no event {event.id}")
    if event.state != "published":
        raise WrongState(f"The event is {event.state}: nobody can register")
    if event.starts_at <= now:
        raise WrongState("The event has begun: nobody can register any more")
    if wish.origin not in _OFFICE:
        _check_window(event, now)


def _check_window(event: Event, now: datetime) -> None:
    first, last = event.registration_from, event.registration_until
    window: dict[str, Any] = {
        "registration_from": first.isoformat() if first else None,
        "registration_until": last.isoformat() if last else None,
    }
    if first is not None and now < first:
        raise RegistrationClosed(f"Registration begins at {first.isoformat()}", **window)
    if last is not None and now >= last:
        raise RegistrationClosed(f"Registration ended at {last.isoformat()}", **window)
