"""Rules of participants: a confirmed registration joins once, says what it seeks, and can leave and come back.

Whoever loses the seat at the event takes part no more, at once: every list asks for the registration too.
`withdraw_gone` writes it down, so that what was arranged with them can be arranged anew.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.editions.operations import Held
from klaster_events.editions.rules import check_windows, days_of, edition_slots, is_going_on, kind_of
from klaster_events.editions.slots import Slot, apart_from, within
from klaster_events.entities import operations as entities
from klaster_events.events.models import Event
from klaster_events.participants import repository
from klaster_events.participants.errors import AlreadyTakesPart, EditionNotOpen, NotRegistered, ParticipantNotFound
from klaster_events.participants.listing import Found
from klaster_events.participants.models import Participant
from klaster_events.participants.records import columns_of, feed_record, terms_of, wire_names
from klaster_events.participants.schemas import ParticipantListParameters, ParticipantProfile, ParticipantUpdate
from klaster_events.registrations.models import Registration
from klaster_shared.changes import record_change
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id

COLLECTION = "participants"
_SAID: dict[str, Any] = {
    "languages": [],
    "fields": [],
    "about_pl": None,
    "about_en": None,
    "seeks": [],
    "offers": [],
    "availability": None,
    "cap": None,
    "listed": False,
}
"""What a person says of themselves, as it is once they are erased."""


async def list_participants(
    session: AsyncSession, *, edition_id: UUID, parameters: ParticipantListParameters
) -> Sequence[Found]:
    """One page in the order in which they joined, and one row more where there is more."""
    return await repository.participants_page(session, await _asked(session, edition_id, parameters))


async def count_participants(session: AsyncSession, *, edition_id: UUID, parameters: ParticipantListParameters) -> int:
    """How many there are in all."""
    return await repository.count_participants(session, await _asked(session, edition_id, parameters))


async def _asked(session: AsyncSession, edition_id: UUID, parameters: ParticipantListParameters) -> repository.Asked:
    ids = await entities.one_with(session, ids=parameters.entity) if parameters.entity else None
    return repository.Asked(edition_id=edition_id, parameters=parameters, entities=ids)


async def get_participant(
    session: AsyncSession, *, edition_id: UUID, participant_id: UUID, held: bool = False
) -> Found:
    """One participant with the registration, also of one that withdrew; raises ParticipantNotFound."""
    found = await repository.find_participant(session, edition_id, participant_id, held=held)
    if found is None:
        raise ParticipantNotFound(f"The edition has no participant {participant_id}")
    return found


async def taking_part(session: AsyncSession, *, edition_id: UUID) -> Sequence[Found]:
    """Everybody who takes part now: not withdrawn, with a confirmed registration."""
    return await repository.taking_part(session, edition_id)


def takes_part(found: Found) -> bool:
    """Whether somebody takes part now."""
    participant, registration = found
    return participant.withdrawn_at is None and registration.state == "confirmed"


async def participant_of(session: AsyncSession, *, edition_id: UUID, registration_id: UUID) -> Participant | None:
    """The participant that a registration is, withdrawn or not."""
    return await repository.of_registration(session, edition_id, registration_id)


async def registration_for(session: AsyncSession, *, event: Event, registration_id: UUID) -> Registration:
    """A registration for the edition's event; raises Invalid naming the field where there is none."""
    found = await repository.registration(session, registration_id)
    if found is None or found.event_id != event.id:
        raise Invalid.field("/registration", "unknown_registration", f"The event has no registration {registration_id}")
    return found


async def join(
    session: AsyncSession, *, found: Held, registration: Registration, profile: ParticipantProfile, now: datetime
) -> Found:
    """A registration takes part in an edition that the caller holds; whoever left comes back, with a new profile.

    Raises EditionNotOpen, NotRegistered, AlreadyTakesPart, and Invalid on an unknown kind or times beyond the event.
    """
    edition, _event = found
    values = _checked(found, columns_of(profile.model_dump(by_alias=True, exclude={"registration"})), now)
    if registration.state != "confirmed":
        raise NotRegistered(f"The registration is {registration.state}")
    before = await repository.of_registration(session, edition.id, registration.id)
    if before is not None and before.withdrawn_at is None:
        raise AlreadyTakesPart("The registration takes part already", id=str(before.id))
    if before is not None:
        before.entity_id, before.withdrawn_at = registration.entity_id, None
        await _change(session, before, values, now, also=["withdrawn_at"])
        return before, registration
    values |= {"about_pl": values.get("about_pl"), "about_en": values.get("about_en")}
    joined = Participant(
        id=new_id(),
        edition_id=edition.id,
        registration_id=registration.id,
        entity_id=registration.entity_id,
        version=1,
        created_at=now,
        updated_at=now,
        **values,
    )
    session.add(joined)
    await session.flush()
    await repository.replace_terms(session, joined.id, terms_of(joined))
    _log(session, joined, kind="created")
    return joined, registration


def _checked(found: Held, values: dict[str, Any], now: datetime) -> dict[str, Any]:
    edition, event = found
    if not is_going_on(edition, event, now=now):
        raise EditionNotOpen(f"The edition is {edition.state}, the event {event.state}")
    if "kind" in values and kind_of(edition, values["kind"]) is None:
        raise Invalid.field("/kind", "unknown_kind", f"The edition has no kind of participants {values['kind']}")
    check_windows(values.get("availability") or [], event, pointer="/availability")
    return values


async def change_profile(
    session: AsyncSession,
    *,
    found: Held,
    participant: Participant,
    given: ParticipantUpdate | ParticipantProfile,
    now: datetime,
) -> Participant:
    """Change what a participant, which the caller holds, says; raises EditionNotOpen, or Invalid."""
    values = _checked(found, columns_of(given.model_dump(by_alias=True)), now)
    await _change(session, participant, values, now)
    return participant


async def _change(
    session: AsyncSession, participant: Participant, values: dict[str, Any], now: datetime, *, also: Sequence[str] = ()
) -> None:
    changed = [name for name, value in values.items() if getattr(participant, name) != value]
    if not changed and not also:
        return
    for name in changed:
        setattr(participant, name, values[name])
    await repository.replace_terms(session, participant.id, terms_of(participant))
    _note(session, participant, [*wire_names(changed), *also], now)


async def withdraw_participant(session: AsyncSession, *, participant: Participant, now: datetime) -> bool:
    """A participant, which the caller holds, takes part no more; whether that is new. Their meetings have to go."""
    if participant.withdrawn_at is not None:
        return False
    participant.withdrawn_at = now
    _note(session, participant, ["withdrawn_at"], now)
    return True


async def withdraw_gone(session: AsyncSession, *, now: datetime, limit: int = 500) -> list[Participant]:
    """Withdraw those whose registration is not confirmed any more; who they are, for what was arranged with them."""
    found = await repository.gone(session, limit=limit)
    for participant in found:
        await withdraw_participant(session, participant=participant, now=now)
    return list(found)


async def free_slots(
    session: AsyncSession, *, found: Held, participants: Collection[Participant]
) -> dict[UUID, list[Slot]]:
    """The slots of an edition in which each of these could meet: available, and in no session of the agenda."""
    edition, event = found
    slots, days = edition_slots(edition, event), days_of(event)
    busy = await repository.session_times(session, [one.id for one in participants])
    return {one.id: apart_from(within(slots, one.availability, days), busy.get(one.id, ())) for one in participants}


async def availability(
    session: AsyncSession, *, found: Held, participant: Participant
) -> list[tuple[Slot, str | None]]:
    """Every slot of an edition, and why a participant could not meet in it."""
    edition, event = found
    slots = edition_slots(edition, event)
    said = set(within(slots, participant.availability, days_of(event)))
    free = set((await free_slots(session, found=found, participants=[participant]))[participant.id])
    return [(slot, None if slot in free else "session" if slot in said else "unavailable") for slot in slots]


async def forget_participants(session: AsyncSession, *, person_ids: Collection[UUID], now: datetime) -> None:
    """Delete what these people, who are being erased, said of themselves; that somebody took part stays a number."""
    for participant in await repository.of_people(session, person_ids):
        for name, value in _SAID.items():
            setattr(participant, name, value)
        await repository.replace_terms(session, participant.id, ())
        await withdraw_participant(session, participant=participant, now=now)


def _note(session: AsyncSession, participant: Participant, changed: Sequence[str], now: datetime) -> None:
    participant.version += 1
    participant.updated_at = now
    _log(session, participant, kind="updated", changed=changed)


def _log(session: AsyncSession, participant: Participant, *, kind: Any, changed: Sequence[str] = ()) -> None:
    record_change(
        session,
        kind=kind,
        collection=COLLECTION,
        id=participant.id,
        changed=changed,
        record=feed_record(participant),
        audience="office",
    )
