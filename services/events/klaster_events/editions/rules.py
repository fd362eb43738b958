"""What the rules of an edition say: its slots, who may ask whom, how many meetings. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from klaster_events.editions.errors import EditionNotReady
from klaster_events.editions.models import Edition, EditionTable
from klaster_events.editions.slots import Days, Slot, Window, slots_of, spans_of, within
from klaster_events.events.models import Event
from klaster_shared.errors import Invalid

_ALIVE = frozenset({"published", "postponed"})


def days_of(event: Event) -> Days:
    """The days that windows are of."""
    return Days(starts_at=event.starts_at, ends_at=event.ends_at, zone=event.zone)


def edition_slots(edition: Edition, event: Event) -> list[Slot]:
    """The slots of an edition, in the order of time."""
    minutes = {"slot_minutes": edition.slot_minutes, "break_minutes": edition.break_minutes}
    return slots_of(edition.windows, days_of(event), **minutes)


def table_slots(table: EditionTable, slots: Sequence[Slot], event: Event) -> list[Slot]:
    """Those of an edition's slots in which a table can be used; none once it is withdrawn."""
    return [] if table.withdrawn_at is not None else within(slots, table.windows, days_of(event))


def kind_of(edition: Edition, code: str) -> dict[str, Any] | None:
    """A kind of participant of this edition."""
    return next((kind for kind in edition.kinds if kind["code"] == code), None)


def may_ask(edition: Edition, *, asker: str, asked: str) -> bool:
    """Whether one kind of participant may ask another for a meeting."""
    kind = kind_of(edition, asker)
    return kind is not None and (kind["may_ask"] is None or asked in kind["may_ask"])


def most_meetings(edition: Edition, *, kind: str, own: int | None) -> int | None:
    """How many meetings a participant has at most: the least of what edition, kind and they themselves say."""
    found = kind_of(edition, kind)
    caps = (edition.cap_per_participant, found["cap"] if found else None, own)
    return min((cap for cap in caps if cap is not None), default=None)


def requests_until(edition: Edition, event: Event) -> datetime:
    """When the time for requests is over."""
    return edition.requests_until or event.starts_at


def is_going_on(edition: Edition, event: Event, *, now: datetime) -> bool:
    """Whether people can take part: it is open, and its event is neither cancelled nor over."""
    ahead = event.state == "postponed" or event.ends_at > now
    return edition.state == "open" and event.state in _ALIVE and ahead


def check_edition(edition: Edition, event: Event) -> None:
    """Refuse what contradicts itself; raises Invalid naming the field."""
    check_windows(edition.windows, event, pointer="/windows")
    codes = [kind["code"] for kind in edition.kinds]
    for number, kind in enumerate(edition.kinds):
        if kind["code"] in codes[:number]:
            raise Invalid.field(f"/kinds/{number}/code", "repeated", f"There are two kinds {kind['code']}")
        for place, asked in enumerate(kind["may_ask"] or ()):
            if asked not in codes:
                raise Invalid.field(f"/kinds/{number}/may_ask/{place}", "unknown_kind", f"There is no kind {asked}")
    if edition.requests_until is not None and edition.requests_until > event.ends_at:
        raise Invalid.field("/requests_until", "after_event", f"The event ends at {event.ends_at.isoformat()}")


def check_windows(windows: Sequence[Window], event: Event, *, pointer: str) -> None:
    """Refuse windows beyond the event; raises Invalid naming the first."""
    for number, window in enumerate(windows):
        spans = spans_of([window], days_of(event))
        if not all(event.starts_at <= begin and end <= event.ends_at for begin, end in spans):
            until = f"from {event.starts_at.isoformat()} to {event.ends_at.isoformat()}"
            raise Invalid.field(f"{pointer}/{number}", "outside_event", f"The event is {until}")


def check_ready(edition: Edition, event: Event, *, now: datetime) -> None:
    """Refuse to open what nobody could take part in; raises EditionNotReady saying why."""
    if event.state not in _ALIVE or (event.state == "published" and event.ends_at <= now):
        raise EditionNotReady(f"The event is {event.state}, and ends at {event.ends_at.isoformat()}")
    if not edition_slots(edition, event):
        raise EditionNotReady("No slot follows from its windows")
