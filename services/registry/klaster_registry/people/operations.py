"""Rules of people: private unless they consented; erased so that counts stay."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import operations as entities
from klaster_registry.people import parts, repository
from klaster_registry.people.documents import COLLECTION, person_record
from klaster_registry.people.errors import PersonExists, PersonNotFound
from klaster_registry.people.finding import make_findable, purposes_of, wholes_of
from klaster_registry.people.models import Person, PersonConsent, PersonDetails, PersonRole
from klaster_registry.people.repository import Scene
from klaster_registry.people.schemas import PersonCreate, PersonListParameters, PersonUpdate
from klaster_registry.people.seeing import Purposes, Viewer, sight_of
from klaster_registry.search import operations as search
from klaster_shared.changes import record_change
from klaster_shared.errors import Forbidden
from klaster_shared.labels import Language

PERSONAL = ("name", "title", "email", "phone", "bio", "roles", "consents")


async def scene_of(session: AsyncSession, *, office: bool, entity: UUID | None, today: date) -> Scene:
    """Who asks, on which day, and what consents open; a partner's entity is followed through merges."""
    speaks_for = await entities.resolve(session, reference=str(entity)) if entity and not office else None
    return Scene(viewer=Viewer(office=office, entity=speaks_for), purposes=await purposes_of(session), today=today)


async def list_people(session: AsyncSession, *, parameters: PersonListParameters, scene: Scene) -> Sequence[Any]:
    """One page of people that the viewer may see, and one more where there is more.

    Raises Forbidden where somebody else than the office asks by what is not public.
    """
    _check_filters(parameters, scene)
    return await repository.people_page(session, parameters, scene)


async def count_people(session: AsyncSession, *, parameters: PersonListParameters, scene: Scene) -> tuple[int, int]:
    """How many people the viewer may see, and how many of them are demonstration data."""
    _check_filters(parameters, scene)
    return await repository.count_people(session, parameters, scene)


def _check_filters(asked: PersonListParameters, scene: Scene) -> None:
    private = {"q": asked.q, "purpose": asked.purpose, "erased": asked.erased, "source": asked.source}
    said = [name for name, value in (private | {"source_key": asked.source_key}).items() if value]
    if said and not scene.viewer.office:
        raise Forbidden(f"Only the office asks for people by {', '.join(said)}")


async def get_person(session: AsyncSession, *, record_id: UUID, held: bool = False) -> Person:
    """One person, whoever asks (`held` to be changed, which an erased one cannot); raises PersonNotFound."""
    person = await repository.find_person(session, record_id, held=held)
    if person is None or (held and person.erased_on is not None):
        raise PersonNotFound(f"There is no person {record_id}")
    return person


async def create_person(session: AsyncSession, *, given: PersonCreate, now: datetime, today: date) -> Person:
    """Add a person; raises PersonExists, EntityNotFound, or Invalid (codes, periods, consents)."""
    # Random through and through: ids made in order would tell when somebody became known.
    person_id = uuid4()
    source_key = given.source_key or str(person_id)
    if await repository.id_by_source(session, given.source, source_key) is not None:
        raise PersonExists("This source and key belong to a person already")
    roles = await parts.role_rows(session, person_id, given.roles)
    consents = await parts.consent_rows(session, person_id, given.consents, today=today)
    person = Person(id=person_id, demonstration=given.demonstration, version=1, created_at=now, updated_at=now)
    session.add(person)
    await session.flush()
    details = parts.detail_values(given, frozenset(PERSONAL))
    session.add(PersonDetails(person_id=person_id, **details, source=given.source, source_key=source_key))
    session.add_all([*roles, *consents])
    await session.flush()
    await _note(session, person, "created", PERSONAL, today=today)
    return person


async def change_person(
    session: AsyncSession, *, person: Person, given: PersonUpdate, now: datetime, today: date
) -> Person:
    """Merge a change into a person that is held; raises EntityNotFound, or Invalid as create_person does.

    A change of nothing changes nothing.
    """
    before = await _seen_by_office(session, person, today)
    details = (await repository.details_of(session, [person.id]))[person.id]
    for name, value in parts.detail_values(given, given.model_fields_set).items():
        setattr(details, name, value)
    await _replace_parts(session, person.id, given, today)
    after = await _seen_by_office(session, person, today)
    changed = [name for name in PERSONAL if before[name] != after[name]]
    if changed:
        person.version += 1
        person.updated_at = now
        await _note(session, person, "updated", changed, today=today)
    return person


async def _replace_parts(session: AsyncSession, person_id: UUID, given: PersonUpdate, today: date) -> None:
    """Write the lists that were given anew."""
    said: Any = given
    if "roles" in given.model_fields_set:
        rows = await parts.role_rows(session, person_id, said.roles)
        await repository.replace_rows(session, PersonRole, person_id, rows)
    if "consents" in given.model_fields_set:
        consents = await parts.consent_rows(session, person_id, said.consents, today=today)
        await repository.replace_rows(session, PersonConsent, person_id, consents)


async def _seen_by_office(session: AsyncSession, person: Person, today: date) -> dict[str, Any]:
    scene = Scene(viewer=Viewer(office=True), purposes=Purposes(publication=(), contact=()), today=today)
    return await record_for(session, person=person, scene=scene, language="all")


async def erase_person(session: AsyncSession, *, person: Person, now: datetime, today: date) -> None:
    """Erase who a person is. The random id and the periods of roles stay, so that counts stay; demonstration data,
    which stands for nobody, goes as a whole."""
    await search.drop(session, COLLECTION, person.id)
    if person.demonstration:
        await repository.delete_person(session, person.id)
    else:
        await repository.erase_words(session, person.id, on=today)
        person.erased_on = today
        person.version += 1
        person.updated_at = now
    record_change(session, kind="deleted", collection=COLLECTION, id=person.id, changed=PERSONAL, audience="office")


async def move_entity(session: AsyncSession, *, old: UUID, new: UUID, now: datetime) -> None:
    """Who had a role in an entity has it in the one that it was merged into."""
    people = await repository.people_in(session, old)
    await repository.move_roles(session, old=old, new=new)
    for person in people:
        person.version += 1
        person.updated_at = now
        record_change(
            session, kind="updated", collection=COLLECTION, id=person.id, changed=["roles"], audience="office"
        )


async def records_of(
    session: AsyncSession, *, people: Sequence[Person], scene: Scene, language: Language
) -> list[dict[str, Any]]:
    """People as the viewer may see them; who may not be seen at all is left out."""
    wholes = await wholes_of(session, people)
    sights = [
        sight_of(scene.viewer, roles=whole.roles, consents=whole.consents, purposes=scene.purposes, today=scene.today)
        for whole in wholes
    ]
    seen = [(whole, sight) for whole, sight in zip(wholes, sights, strict=True) if sight is not None]
    named = {role.entity_id for _, sight in seen for role in sight.roles}
    names = await entities.names_of(session, ids=[entity for entity in named if entity])
    return [person_record(whole, sight, names, language) for whole, sight in seen]


async def record_for(session: AsyncSession, *, person: Person, scene: Scene, language: Language) -> dict[str, Any]:
    """One person as the viewer may see them; raises PersonNotFound where they may not know of the person."""
    gone = person.erased_on is not None and not scene.viewer.office
    found = [] if gone else await records_of(session, people=[person], scene=scene, language=language)
    if not found:
        raise PersonNotFound(f"There is no person {person.id}")
    return found[0]


async def _note(session: AsyncSession, person: Person, kind: Any, changed: Sequence[str], *, today: date) -> None:
    # Which properties, never what is in them: the log holds no personal data.
    record_change(session, kind=kind, collection=COLLECTION, id=person.id, changed=changed, audience="office")
    await make_findable(session, people=[person], today=today)
