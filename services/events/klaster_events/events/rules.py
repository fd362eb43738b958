"""What must hold of an event as a whole, whether it is new or changed. Pure: no queries, no clock."""

from datetime import datetime

from klaster_events.events.errors import NotOverYet, SeatsTaken
from klaster_events.events.models import Event
from klaster_shared.errors import Invalid


def check_event(event: Event, *, now: datetime) -> None:
    """Refuse an event that contradicts itself.

    Raises Invalid naming the field, NotOverYet where it is completed and would end in the future, SeatsTaken with
    both numbers where fewer seats would be left than are confirmed or held.
    """
    _check_times(event)
    if event.visibility == "sig" and event.sig is None:
        raise Invalid.field("/sig", "sig_needed", "It is for a special interest group: say which")
    if event.online_url is not None and not event.online:
        raise Invalid.field("/online_url", "not_online", "It has a link, but does not take place online")
    if event.state == "completed":
        refuse_unfinished(event.ends_at, now)
    if event.capacity is not None and event.capacity < event.confirmed + event.held:
        raise SeatsTaken(
            f"{event.confirmed} seats are confirmed and {event.held} held, {event.capacity} would be left",
            confirmed=event.confirmed,
            held=event.held,
            capacity=event.capacity,
        )


def _check_times(event: Event) -> None:
    if event.ends_at <= event.starts_at:
        raise Invalid.field("/ends_at", "in_order", "The event ends before it begins")
    first, last = event.registration_from, event.registration_until
    if last is not None and last > event.ends_at:
        raise Invalid.field("/registration_until", "in_order", "Registration would go on after the event's end")
    if first is not None and first >= (last or event.ends_at):
        raise Invalid.field("/registration_from", "in_order", "Registration would begin after its end")


def refuse_unfinished(ends_at: datetime, now: datetime) -> None:
    """Raises NotOverYet where it ends in the future."""
    if ends_at > now:
        raise NotOverYet(f"It ends at {ends_at.isoformat()}")
