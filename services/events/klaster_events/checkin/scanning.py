"""Taking scans in: one, or a batch of what a device kept while it had no network. A single scan is a batch of one.

Locks are taken in the order of everybody: people, then the event. The event's row is held while scans are judged, so
that of two scans of one code at the same second one is the repetition.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.checkin import operations, repository
from klaster_events.checkin.comers import Arrived, comers_of, meet
from klaster_events.checkin.errors import ListNotFound, ListNotGiven, NonceReused
from klaster_events.checkin.judging import Door, refusal
from klaster_events.checkin.models import CheckinList, Scan
from klaster_events.checkin.presence import Mark, came_at
from klaster_events.checkin.reasons import Reason
from klaster_events.checkin.repository import Marks
from klaster_events.checkin.schemas import ScanCreate
from klaster_events.checkin.settling import Touched, settle
from klaster_events.events.models import Event
from klaster_events.events.operations import hold_event
from klaster_shared.database import Actor
from klaster_shared.errors import Problem
from klaster_shared.identifiers import new_id

Key = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Brought:
    """A scan, who sent it, and when it arrived."""

    given: ScanCreate
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a scan: stored, accepted or not; or a problem, and then not stored."""

    scan: Scan | None = None
    unstored: tuple[ScanCreate, Problem] | None = None
    arrived: Arrived | None = None
    first_at: datetime | None = None


@dataclass(slots=True)
class _Desk:
    """What is known while a batch is judged."""

    doors: Mapping[UUID, Door]
    refused: Mapping[tuple[str, UUID], Problem]
    known: dict[Key, Scan]
    marks: Marks
    added: dict[UUID, tuple[Scan, Brought]] = field(default_factory=dict)


async def record_scans(session: AsyncSession, *, event_id: UUID, scans: Sequence[Brought]) -> list[Outcome]:
    """An outcome for each scan, in order; what is new is stored, with who is present and inside, in one transaction.

    Raises EventNotFound. A scan at a list that its sender does not have, or under the nonce of another one, is a
    problem of that scan alone.
    """
    given, now = [brought.given for brought in scans], max(brought.now for brought in scans)
    met = await meet(session, event_id=event_id, scans=given, now=now)
    event = await hold_event(session, event_id=event_id)
    lists = await _lists(session, event, given, now)
    comers = await comers_of(session, event=event, lists=lists, scans=given, met=met)
    marks = await repository.marks_of(session, lists, {comer.person_id for comer in comers if comer is not None})
    before = {person: {door: list(found) for door, found in seen.items()} for person, seen in marks.items()}
    desk = _Desk(
        doors=await _doors(session, event, lists),
        refused=await _refused(session, lists, scans),
        known=await repository.known_scans(session, {(scan.list_id, scan.nonce) for scan in given}),
        marks=marks,
    )
    outcomes = [_take(desk, brought, comer) for brought, comer in zip(scans, comers, strict=True)]
    if desk.added:
        session.add_all(scan for scan, _ in desk.added.values())
        await session.flush()
        senders = {scan.person_id: brought.actor for scan, brought in desk.added.values() if scan.person_id is not None}
        touched = {
            comer.person_id: Touched(comer.registration, senders[comer.person_id])
            for comer in comers
            if comer is not None and comer.person_id in senders
        }
        await settle(session, event=event, lists=lists, touched=touched, before=before, after=marks, now=now)
    return outcomes


async def _lists(
    session: AsyncSession, event: Event, scans: Sequence[ScanCreate], now: datetime
) -> dict[UUID, CheckinList]:
    found = await repository.lists_of(session, event.id)
    if event.id in {scan.list_id for scan in scans} - {one.id for one in found}:
        found = await operations.lists_of(session, event=event, now=now)
    return {one.id: one for one in found}


async def _doors(session: AsyncSession, event: Event, lists: Mapping[UUID, CheckinList]) -> dict[UUID, Door]:
    sessions = await operations.sessions_of(session, lists=list(lists.values()))
    doors = {}
    for list_id, one in lists.items():
        opens_at, closes_at = operations.hours_of(one, event, sessions)
        doors[list_id] = Door(
            event_state=event.state,
            opens_at=opens_at,
            closes_at=closes_at,
            exits=one.exits,
            walk_ins=one.walk_ins,
            of_session=one.session_id is not None,
        )
    return doors


async def _refused(
    session: AsyncSession, lists: Mapping[UUID, CheckinList], scans: Sequence[Brought]
) -> dict[tuple[str, UUID], Problem]:
    """The lists named that are not the event's, or not the sender's. Never is a scan booked to another one instead."""
    wanted: dict[Actor, set[UUID]] = {}
    for brought in scans:
        wanted.setdefault(brought.actor, set()).add(brought.given.list_id)
    refused: dict[tuple[str, UUID], Problem] = {}
    for actor, list_ids in wanted.items():
        not_given = await operations.not_given(session, actor=actor, list_ids=list_ids)
        for list_id in not_given:
            told = f"The office has not given this device the list {list_id}"
            refused[actor.subject, list_id] = ListNotGiven(told)
        for list_id in list_ids - lists.keys() - not_given:
            refused[actor.subject, list_id] = ListNotFound(f"The event has no list {list_id}")
    return refused


def _take(desk: _Desk, brought: Brought, arrived: Arrived | None) -> Outcome:
    given = brought.given
    problem = desk.refused.get((brought.actor.subject, given.list_id))
    if problem is not None:
        return Outcome(unstored=(given, problem))
    known = desk.known.get((given.list_id, given.nonce))
    if known is None:
        known = _judged(desk, brought, arrived)
    elif not _is_same(known, given, arrived):
        return Outcome(unstored=(given, NonceReused(f"Another scan was sent under the nonce {given.nonce}")))
    stood = desk.marks.get(known.person_id, {}).get(given.list_id, []) if known.person_id else []
    return Outcome(scan=known, arrived=arrived, first_at=came_at(stood))


def _judged(desk: _Desk, brought: Brought, arrived: Arrived | None) -> Scan:
    given = brought.given
    person_id = arrived.person_id if arrived else None
    others = desk.marks.setdefault(person_id, {}).setdefault(given.list_id, []) if person_id else []
    reason = _reason(desk, given, arrived, others)
    if reason in {None, "already_redeemed"}:
        others.append(Mark(given.happened_at, given.type, given.nonce))
    scan = Scan(
        id=new_id(),
        list_id=given.list_id,
        nonce=given.nonce,
        payload=_payload(given),
        kind=given.type,
        registration_id=arrived.registration.id if arrived and arrived.registration else None,
        person_id=person_id,
        happened_at=given.happened_at,
        received_at=brought.now,
        device=brought.actor.subject,
        forced=given.force,
        reason=reason,
    )
    desk.known[given.list_id, given.nonce] = scan
    desk.added[scan.id] = (scan, brought)
    return scan


def _reason(desk: _Desk, given: ScanCreate, arrived: Arrived | None, others: Sequence[Mark]) -> Reason | None:
    if arrived is None and given.person is not None:
        return "rules"  # a walk-in where none are let in: not even written down
    return refusal(
        kind=given.type,
        at=given.happened_at,
        nonce=given.nonce,
        forced=given.force,
        door=desk.doors[given.list_id],
        comer=arrived.at(given.list_id, walked_in=given.person is not None) if arrived else None,
        others=others,
    )


def _is_same(known: Scan, given: ScanCreate, arrived: Arrived | None) -> bool:
    """Whether a nonce comes with what it came with before.

    Who walked in is told apart by person: a digest of an address would outlive the person's erasure. Whoever was
    erased is nobody here, and the device that sends them again is believed.
    """
    if known.payload != _payload(given):
        return False
    return given.person is None or arrived is None or arrived.person_id == known.person_id


def _payload(given: ScanCreate) -> str:
    parts = [given.type, given.happened_at.isoformat(), given.force, given.secret, given.registration_id]
    return blake2b(to_json([*parts, given.person is not None]), digest_size=32).hexdigest()
