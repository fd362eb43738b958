"""Applying a plan: all of it in one transaction, and only where what it rests on is still so."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.meetings.grids import replace_places
from klaster_events.meetings.models import Meeting
from klaster_events.meetings.operations import call_off, note
from klaster_events.meetings.parties import MeetingSide
from klaster_events.meetings.telling import letters
from klaster_events.outbox.operations import MessageKind, tell
from klaster_events.plans.models import PlanRun
from klaster_events.plans.operations import get_plan, log, situation_of
from klaster_events.plans.situation import Seat, Situation
from klaster_events.scheduling.question import Answer

_BOTH: tuple[MeetingSide, MeetingSide] = ("asker", "asked")
_PLACED = ["state", "starts_at", "ends_at", "table", "planned_by"]
_RESULTS = ["wishes", "placed", "moved", "fewest", "worth", "bound", "unplaced", "applied_at"]


@dataclass
class _Changes:
    """What a plan does to meetings: those that get a place, another one, none any more, or none still."""

    placed: list[Meeting] = field(default_factory=list)
    moved: list[Meeting] = field(default_factory=list)
    lost: list[Meeting] = field(default_factory=list)
    explained: list[Meeting] = field(default_factory=list)


async def apply(
    session: AsyncSession, *, plan_id: UUID, rests_on: str, answer: Answer, now: datetime
) -> PlanRun | None:
    """Write a plan's answer; None, and nothing written, where anything that it rests on has changed since.

    What cannot take place because somebody left is called off, what keeps its place is not touched, everybody whose
    meeting has a new place, or none any more, is told.
    """
    plan = await get_plan(session, plan_id=plan_id)
    situation = await situation_of(session, edition_id=plan.edition_id, now=now, held=True)
    if situation.fingerprint != rests_on:
        return None
    for meeting in situation.gone:
        await _call_off(session, situation, meeting, now)
    hindered = {situation.wishes[wish].id: why for wish, why in answer.plan.hindered.items()}
    seats = situation.seats(answer.plan.schedule)
    changes = _changes(situation, seats, hindered)
    _write(changes, seats, hindered)
    freed = [one.id for one in (*changes.moved, *changes.lost)]
    await session.flush()
    await replace_places(session, freed=freed, taken=[*changes.moved, *changes.placed])
    await _tell(session, situation, changes, now)
    _conclude(session, plan, answer, situation, moved=len(changes.moved), now=now)
    return plan


async def _call_off(session: AsyncSession, situation: Situation, meeting: Meeting, now: datetime) -> None:
    met = situation.met(meeting)
    told = [side for side, party in met.sides if party.is_here and meeting.state != "requested"]
    await call_off(session, met=met, event=situation.grid.event, by="gone", told=told, now=now)


def _changes(situation: Situation, seats: Mapping[UUID, Seat], hindered: Mapping[UUID, str]) -> _Changes:
    found = _Changes()
    for meeting in situation.wishes:
        seat = seats.get(meeting.id)
        if seat is None:
            if meeting.state == "scheduled":
                found.lost.append(meeting)
            elif meeting.hindrance != hindered[meeting.id]:
                found.explained.append(meeting)
        elif meeting.state != "scheduled":
            found.placed.append(meeting)
        elif (meeting.starts_at, meeting.table_id) != (seat[0].starts_at, seat[1]):
            found.moved.append(meeting)
    return found


def _write(changes: _Changes, seats: Mapping[UUID, Seat], hindered: Mapping[UUID, str]) -> None:
    for meeting in (*changes.placed, *changes.moved):
        slot, table = seats[meeting.id]
        meeting.state, meeting.planned_by, meeting.hindrance = "scheduled", "plan", None
        meeting.starts_at, meeting.ends_at, meeting.table_id = slot.starts_at, slot.ends_at, table
    for meeting in changes.lost:
        meeting.state = "accepted"
        meeting.starts_at = meeting.ends_at = meeting.table_id = meeting.planned_by = None
    for meeting in (*changes.lost, *changes.explained):
        meeting.hindrance = hindered[meeting.id]


async def _tell(session: AsyncSession, situation: Situation, changes: _Changes, now: datetime) -> None:
    """In the change log, and to both of each meeting that has another place than they know."""
    kinds: list[tuple[list[Meeting], MessageKind | None]] = [
        (changes.placed, "meeting_scheduled"),
        (changes.moved, "meeting_moved"),
        (changes.lost, "meeting_unscheduled"),
        (changes.explained, None),
    ]
    written = []
    for meetings, kind in kinds:
        for meeting in meetings:
            met = situation.met(meeting)
            note(session, met, _PLACED if kind else ["hindrance"], now)
            written += letters(met, situation.grid.event, kind, _BOTH) if kind else []
    await tell(session, letters=written, now=now)


def _conclude(
    session: AsyncSession, plan: PlanRun, answer: Answer, situation: Situation, *, moved: int, now: datetime
) -> None:
    plan.wishes, plan.placed, plan.moved = len(situation.wishes), len(answer.plan.schedule), moved
    plan.fewest, plan.worth, plan.bound = answer.fewest, answer.worth, answer.bound
    plan.unplaced = dict(Counter(answer.plan.hindered.values()))
    plan.applied_at = plan.updated_at = now
    plan.version += 1
    log(session, plan, "updated", _RESULTS)
