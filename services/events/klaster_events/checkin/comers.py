"""Who stands behind codes, registrations and names that the door sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.attendance.operations import registrations_by_code
from klaster_events.checkin import repository
from klaster_events.checkin.judging import Comer
from klaster_events.checkin.models import CheckinList
from klaster_events.checkin.schemas import ScanCreate
from klaster_events.events.models import Event
from klaster_events.people import operations as people
from klaster_events.people.addresses import address_key
from klaster_events.registrations.codes import code_of
from klaster_events.registrations.models import Registration
from klaster_events.registrations.operations import registrations_by_id, registrations_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A person at the door, with the registration, if any, and the lists in whose session they have a seat."""

    person_id: UUID
    registration: Registration | None = None
    seated: frozenset[UUID] = field(default_factory=frozenset)
    revoked: bool = False

    def at(self, list_id: UUID, *, walked_in: bool) -> Comer:
        """As the rules of one list look at them."""
        return Comer(
            state=self.registration.state if self.registration else None,
            seated=list_id in self.seated,
            revoked=self.revoked,
            walked_in=walked_in,
        )


async def meet(session: AsyncSession, *, event_id: UUID, scans: Sequence[ScanCreate], now: datetime) -> dict[str, UUID]:
    """The people who walked in, by address: found, or written down where the list lets them in.

    Done before the event is held. Who was sent before is not written down again: they may have been erased since.
    """
    walked_in = [scan for scan in scans if scan.person is not None]
    if not walked_in:
        return {}
    lists = {one.id: one for one in await repository.lists_of(session, event_id)}
    known = await repository.known_scans(session, {(scan.list_id, scan.nonce) for scan in walked_in})
    given = [scan.person for scan in walked_in if scan.person is not None]
    new = [
        scan.person
        for scan in walked_in
        if scan.person is not None
        and (scan.list_id, scan.nonce) not in known
        and scan.list_id in lists
        and (scan.force or lists[scan.list_id].walk_ins)
    ]
    ids = await people.find_or_add_people(session, given=new, now=now)
    added = {address_key(person.email): person_id for person, person_id in zip(new, ids, strict=True)}
    return {**await people.known_people(session, given=given), **added}


async def comers_of(
    session: AsyncSession,
    *,
    event: Event,
    lists: Mapping[UUID, CheckinList],
    scans: Sequence[ScanCreate],
    met: Mapping[str, UUID],
) -> list[Arrived | None]:
    """Who each scan is of; None for a code, a registration or an address that is nobody's here."""
    codes = {code_of(scan.secret) for scan in scans if scan.secret is not None}
    by_code = await registrations_by_code(session, event_id=event.id, codes=codes)
    revoked = await repository.revoked_codes(session, codes - by_code.keys())
    ids = {scan.registration_id for scan in scans if scan.registration_id is not None} | set(revoked.values())
    by_id = await registrations_by_id(session, event_id=event.id, ids=ids)
    of_people = await registrations_of(session, event_id=event.id, people_ids=set(met.values()))

    def found(scan: ScanCreate) -> Arrived | None:
        if scan.person is not None:
            person_id = met.get(address_key(scan.person.email))
            return Arrived(person_id=person_id, registration=of_people.get(person_id)) if person_id else None
        if scan.registration_id is not None:
            return _registered(by_id.get(scan.registration_id))
        code = code_of(scan.secret or "")
        return _registered(by_code.get(code)) or _registered(by_id.get(revoked.get(code, event.id)), revoked=True)

    return await _with_seats(session, lists, [found(scan) for scan in scans])


def _registered(registration: Registration | None, *, revoked: bool = False) -> Arrived | None:
    if registration is None:
        return None
    return Arrived(person_id=registration.person_id, registration=registration, revoked=revoked)


async def _with_seats(
    session: AsyncSession, lists: Mapping[UUID, CheckinList], arrived: Sequence[Arrived | None]
) -> list[Arrived | None]:
    sessions = {list_id: one.session_id for list_id, one in lists.items() if one.session_id is not None}
    ids = tuple({one.registration.id for one in arrived if one is not None and one.registration is not None})
    seats = await repository.seated(session, set(sessions.values()), ids)
    if not seats:
        return list(arrived)
    return [
        Arrived(
            person_id=one.person_id,
            registration=one.registration,
            revoked=one.revoked,
            seated=frozenset(
                list_id for list_id, session_id in sessions.items() if (session_id, one.registration.id) in seats
            ),
        )
        if one is not None and one.registration is not None
        else one
        for one in arrived
    ]
