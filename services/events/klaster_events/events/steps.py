"""The life of an event: draft, published, perhaps postponed and published anew, completed or cancelled."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.events.announcing import news, when_and_where
from klaster_events.events.columns import apply, wire_names
from klaster_events.events.errors import WrongState
from klaster_events.events.models import Event
from klaster_events.events.operations import note_change
from klaster_events.events.records import audience_of
from klaster_events.events.rules import check_event, refuse_unfinished
from klaster_events.events.schemas import Note, Reschedule, State
from klaster_events.outbox.operations import NoticeKind, announce
from klaster_shared.errors import Invalid

_STEPS: Mapping[State, tuple[State, ...]] = MappingProxyType(
    {
        "published": ("draft",),
        "postponed": ("published",),
        "cancelled": ("published", "postponed"),
        "completed": ("published",),
    }
)
_TOLD: Mapping[State, NoticeKind] = MappingProxyType(
    {"postponed": "postponed", "cancelled": "cancelled", "completed": "completed"}
)


async def move_event(
    session: AsyncSession, *, event: Event, to: State, now: datetime, note: Note | None = None
) -> Event:
    """Take an event that the caller holds a step on; who registered is told. Raises WrongState, or NotOverYet.

    Nobody is registered for a draft: that it is published, feeds tell those who follow them.
    """
    if event.state not in _STEPS[to]:
        raise WrongState(f"The event is {event.state}; only one that is {' or '.join(_STEPS[to])} can become {to}")
    if to == "completed":
        refuse_unfinished(event.ends_at, now)
    before, audience = when_and_where(event), audience_of(event)
    event.state = to
    if to == "published":
        event.published_at = now
    if to in {"postponed", "cancelled"}:
        event.sequence += 1
    if (kind := _TOLD.get(to)) is not None:
        await announce(session, event=event, kind=kind, now=now, context=news(event, before=before, note=note))
    await note_change(session, event=event, changed=["state"], now=now, seen_before=audience)
    return event


async def reschedule_event(session: AsyncSession, *, event: Event, given: Reschedule, now: datetime) -> Event:
    """Publish a postponed event, which the caller holds, at its new times; registrations hold, and are told of them.

    A registration window that the new times leave behind has to be given anew. Raises WrongState, and Invalid where
    the event would be over already or contradicts itself.
    """
    if event.state != "postponed":
        raise WrongState(f"The event is {event.state}; only one that is postponed can be rescheduled")
    before, audience = when_and_where(event), audience_of(event)
    values: dict[str, Any] = given.model_dump(exclude={"note"})
    changed = apply(event, values)
    event.state = "published"
    check_event(event, now=now)
    if event.ends_at <= now:
        raise Invalid.field("/ends_at", "over_already", "The event would be over already")
    event.sequence += 1
    context = {**news(event, before=before, changed=changed, note=given), "rescheduled": True}
    await announce(session, event=event, kind="changed", now=now, context=context)
    await note_change(session, event=event, changed=[*wire_names(changed), "state"], now=now, seen_before=audience)
    return event
