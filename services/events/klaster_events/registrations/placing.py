"""Registering people: any number of wishes for one event at once, in one transaction, each with a verdict of its own.

One person who registers is a batch of one. The locks are taken in one order by everybody: people first, then the event.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.consents.operations import Asked, asked_today, check_against
from klaster_events.entities import operations as entities
from klaster_events.events.models import Event
from klaster_events.events.operations import get_event, hold_event
from klaster_events.events.viewers import Viewer
from klaster_events.events.visibility import organised_by, require_visible
from klaster_events.people import operations as people
from klaster_events.registrations import repository
from klaster_events.registrations.answers import check_answers
from klaster_events.registrations.desk import Desk
from klaster_events.registrations.letters import CONFIRM_HOURS
from klaster_events.registrations.openness import check_open
from klaster_events.registrations.session_seats.operations import Openings, openings_of
from klaster_events.registrations.wishes import Placed, Wish
from klaster_shared.database import acting
from klaster_shared.errors import Problem

Verdict = Placed | Problem
_Numbered = Sequence[tuple[int, Wish]]


async def register_many(
    session: AsyncSession,
    *,
    event_id: UUID,
    wishes: Sequence[Wish],
    now: datetime,
    confirm_hours: int = CONFIRM_HOURS,
) -> list[Verdict]:
    """Give each a seat, or a place in the queue, in this order; a wish that cannot be carried out fails no other.

    A person who is registered already keeps what they have; who cancelled and comes back stands last in line. An
    address that nobody vouches for has `confirm_hours` to be confirmed. Raises EventNotFound.
    """
    event = await get_event(session, event_id=event_id)
    asked = await asked_today(session)
    verdicts: list[Verdict | None] = [await _refusal(session, event, asked, wish, now) for wish in wishes]
    left = [(number, wish) for number, wish in enumerate(wishes) if verdicts[number] is None]
    if left:
        await _serve(session, event_id, left, verdicts, now, confirm_hours)
    return [verdict for verdict in verdicts if verdict is not None]


async def _serve(
    session: AsyncSession,
    event_id: UUID,
    left: _Numbered,
    verdicts: list[Verdict | None],
    now: datetime,
    confirm_hours: int,
) -> None:
    await entities.keep(session, facts=_facts(left), now=now)
    ids = await people.find_or_add_people(
        session,
        given=[wish.person for _, wish in left],
        now=now,
        actors=[wish.actor or acting(session) for _, wish in left],
    )
    # Everything below is decided by what the database has while nobody else can move it.
    event = await hold_event(session, event_id=event_id)
    known = await repository.of_people(session, event_id, set(ids))
    wanted = any(wish.sessions for _, wish in left)
    openings = await openings_of(session, event_id=event_id) if wanted else Openings({})
    organisers = await _organisers(session, event, [wish.viewer for _, wish in left])
    desk = Desk(event, known, openings, organisers=organisers, now=now, confirm_hours=confirm_hours)
    for (number, wish), person_id in zip(left, ids, strict=True):
        try:
            verdicts[number] = desk.serve(wish, person_id)
        except Problem as problem:
            verdicts[number] = problem
    await desk.write(session)


async def _refusal(session: AsyncSession, event: Event, asked: Asked, wish: Wish, now: datetime) -> Problem | None:
    """What is wrong with a wish whoever it is about, if anything: then nothing is written for it."""
    try:
        await require_visible(session, event=event, viewer=wish.viewer)
        check_open(event, wish, now)
        check_answers(event.questions, wish.answers)
        if wish.consents or wish.origin == "self":
            check_against(asked, given=wish.consents)
    except Problem as problem:
        return problem
    return None


async def _organisers(session: AsyncSession, event: Event, viewers: Sequence[Viewer]) -> list[Viewer]:
    """Which of those who ask organise the event: they need nobody's approval."""
    if not event.approval:
        return []
    return [viewer for viewer in set(viewers) if await organised_by(session, event=event, own=viewer.own)]


def _facts(left: _Numbered) -> list[Any]:
    # In one order for all: two batches that name the same new entities never wait for each other in a circle.
    found = {facts.id: facts for _, wish in left for facts in wish.facts}
    return [found[entity_id] for entity_id in sorted(found)]
