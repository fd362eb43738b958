"""What must hold of a session: within its event, alone in its room, seats for all who have one. Pure."""

from collections.abc import Iterable

from klaster_events.agenda.errors import SessionSeatsTaken
from klaster_events.agenda.models import AgendaSession
from klaster_events.events.models import Event
from klaster_shared.errors import Invalid
from klaster_shared.text import fold


def check_session(one: AgendaSession, *, event: Event, others: Iterable[AgendaSession]) -> None:
    """Refuse a session that cannot be: Invalid names the field, SessionSeatsTaken says both numbers."""
    if one.ends_at <= one.starts_at:
        raise Invalid.field("/ends_at", "in_order", "The session ends before it begins")
    if one.starts_at < event.starts_at:
        raise Invalid.field("/starts_at", "outside_event", f"The event begins at {event.starts_at.isoformat()}")
    if one.ends_at > event.ends_at:
        raise Invalid.field("/ends_at", "outside_event", f"The event ends at {event.ends_at.isoformat()}")
    _check_room(one, others)
    if one.capacity is not None and one.capacity < one.taken:
        raise SessionSeatsTaken(
            f"{one.taken} seats are taken, {one.capacity} would be left", taken=one.taken, capacity=one.capacity
        )


def _check_room(one: AgendaSession, others: Iterable[AgendaSession]) -> None:
    if one.room is None:
        return
    for other in others:
        same = other.id != one.id and other.room is not None and fold(other.room) == fold(one.room)
        if same and other.starts_at < one.ends_at and one.starts_at < other.ends_at:
            until = f"from {other.starts_at.isoformat()} to {other.ends_at.isoformat()}"
            raise Invalid.field("/room", "room_taken", f"Another session is in {other.room} {until}")


def lies_within(one: AgendaSession, event: Event) -> bool:
    """Whether a session lies within the times of its event."""
    return event.starts_at <= one.starts_at and one.ends_at <= event.ends_at
