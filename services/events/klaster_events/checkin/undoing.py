"""Taking a scan back, by its nonce. It stays in history; what it said does not count any more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.checkin import operations, repository
from klaster_events.checkin.comers import Arrived
from klaster_events.checkin.errors import NotYourScan, ScanNotFound
from klaster_events.checkin.models import Scan
from klaster_events.checkin.scanning import Outcome
from klaster_events.checkin.schemas import ScanUndo
from klaster_events.checkin.settling import Touched, settle
from klaster_events.events.operations import hold_event
from klaster_events.registrations.operations import registrations_by_id
from klaster_shared.access import may
from klaster_shared.database import acting


async def undo_scan(session: AsyncSession, *, event_id: UUID, given: ScanUndo, now: datetime) -> Outcome:
    """Undo a scan; undone once, it stays so.

    Raises EventNotFound, ListNotFound, ListNotGiven, ScanNotFound, and NotYourScan where another device made it.
    """
    event = await hold_event(session, event_id=event_id)
    await operations.given_list(session, event=event, list_id=given.list_id, now=now)
    scan = (await repository.known_scans(session, [(given.list_id, given.nonce)])).get((given.list_id, given.nonce))
    if scan is None:
        raise ScanNotFound(f"The list has no scan {given.nonce}: send it before undoing it")
    actor = acting(session)
    if scan.device != actor.subject and not may(actor.role, "office"):
        raise NotYourScan("The device that made a scan undoes it, or the office does")
    arrived = await _arrived(session, event_id, scan)
    if scan.undone_at is None:
        lists = {one.id: one for one in await repository.lists_of(session, event.id)}
        people = {scan.person_id} if scan.person_id is not None else set()
        before = await repository.marks_of(session, lists, people)
        scan.undone_at, scan.undone_by = now, actor.subject
        await session.flush()
        after = await repository.marks_of(session, lists, people)
        touched = {arrived.person_id: Touched(arrived.registration, actor)} if arrived is not None else {}
        await settle(session, event=event, lists=lists, touched=touched, before=before, after=after, now=now)
    return Outcome(scan=scan, arrived=arrived)


async def _arrived(session: AsyncSession, event_id: UUID, scan: Scan) -> Arrived | None:
    if scan.person_id is None:
        return None
    ids = [scan.registration_id] if scan.registration_id is not None else []
    found = await registrations_by_id(session, event_id=event_id, ids=ids)
    return Arrived(person_id=scan.person_id, registration=next(iter(found.values()), None))
