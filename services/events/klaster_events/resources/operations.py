"""Rules of shared laboratories and services: what the registry said last holds, their booking is their owner's."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.entities import operations as entities
from klaster_events.events.viewers import Viewer
from klaster_events.people import operations as people
from klaster_events.resources import repository
from klaster_events.resources.errors import NotYourResource, ResourceNotFound
from klaster_events.resources.models import BookingRules, BookingTerms, Resource
from klaster_events.resources.records import record_of, terms_key, terms_record
from klaster_events.resources.schemas import BookingRulesIn, ResourceListParameters
from klaster_shared.changes import record_change
from klaster_shared.labels import Label, Language

COLLECTION = "resources"


async def list_resources(
    session: AsyncSession, *, parameters: ResourceListParameters, today: date
) -> Sequence[Resource]:
    """One page by name, and one row more where there is more."""
    owners, day = await _owners(session, parameters), parameters.as_of or today
    return await repository.resources_page(session, parameters, owners=owners, day=day)


async def count_resources(session: AsyncSession, *, parameters: ResourceListParameters, today: date) -> int:
    """How many there are in all."""
    owners, day = await _owners(session, parameters), parameters.as_of or today
    return await repository.count_resources(session, parameters, owners=owners, day=day)


async def _owners(session: AsyncSession, parameters: ResourceListParameters) -> list[UUID] | None:
    return await entities.one_with(session, ids=parameters.owner) if parameters.owner else None


async def get_resource(session: AsyncSession, *, resource_id: UUID, held: bool = False) -> Resource:
    """One of them, also one that is shared no more; raises ResourceNotFound for what never was."""
    found = await repository.find_resource(session, resource_id, held=held)
    if found is None or (found.shared_from is None and not await repository.rules_of(session, [resource_id])):
        raise ResourceNotFound(f"The registry shows no shared laboratory or service {resource_id}")
    return found


async def resources_by_id(session: AsyncSession, *, ids: Collection[UUID]) -> dict[UUID, Resource]:
    """These, as far as they are known."""
    return await repository.resources_by_id(session, ids)


def owns(resource: Resource, viewer: Viewer) -> bool:
    """Whether somebody speaks for the owner of a resource."""
    return resource.owner_id in viewer.own


def require_own(resource: Resource, viewer: Viewer) -> None:
    """Raises NotYourResource for whoever neither is the office nor speaks for the owner."""
    if not viewer.office and not owns(resource, viewer):
        raise NotYourResource("Your entity does not own it")


async def hold_rules(session: AsyncSession, *, resource_id: UUID) -> BookingRules | None:
    """The rules of a resource, held: bookings and blackouts of one resource follow each other."""
    return await repository.hold_rules(session, resource_id)


async def rules_of(session: AsyncSession, *, resource_id: UUID) -> BookingRules | None:
    """The rules of a resource, None where it cannot be booked here."""
    return (await repository.rules_of(session, [resource_id])).get(resource_id)


async def set_rules(
    session: AsyncSession, *, resource: Resource, given: BookingRulesIn, contact: UUID | None, zone: str, now: datetime
) -> Resource:
    """Say how a resource that the caller holds is booked. Other terms are a new version; bookings that stand stay.

    The contact person stays who it was where none is given.
    """
    rules = await repository.hold_rules(session, resource.id)
    values = given.model_dump(by_alias=True, exclude={"terms", "contact"})
    if rules is None:
        rules = BookingRules(resource_id=resource.id, zone=zone, updated_at=now, **values)
        session.add(rules)
    for name, value in values.items():
        setattr(rules, name, value)
    rules.person_id = contact or rules.person_id
    rules.terms_version = await _version_of(session, resource.id, given.terms, now)
    rules.updated_at = now
    resource.version += 1
    resource.updated_at = now
    await session.flush()
    await log(session, resources=[resource], changed=["booking"])
    return resource


async def _version_of(session: AsyncSession, resource_id: UUID, terms: Label | None, now: datetime) -> int | None:
    if terms is None:
        return None
    last = await repository.last_terms(session, resource_id)
    if last is not None and (last.text_pl, last.text_en) == (terms.pl, terms.en):
        return last.version
    version = last.version + 1 if last else 1
    session.add(BookingTerms(resource_id=resource_id, version=version, text_pl=terms.pl, text_en=terms.en, since=now))
    return version


async def terms_accepted(
    session: AsyncSession, *, resource_id: UUID, version: int | None, language: Language
) -> dict[str, Any] | None:
    """The terms of a version, as they were accepted."""
    if version is None:
        return None
    found = await repository.terms_of(session, [(resource_id, version)])
    return terms_record(found.get((resource_id, version)), language)


async def contact_of(session: AsyncSession, *, resource: Resource, now: datetime) -> dict[str, Any] | None:
    """Whom the owner has told of bookings, for the owner and the office; the look is recorded."""
    rules = await rules_of(session, resource_id=resource.id)
    if rules is None or rules.person_id is None:
        return None
    people.note_look(session, list_name="resource contact", person_id=rules.person_id, now=now)
    return (await people.names_of(session, ids=[rules.person_id]))[rules.person_id]


async def log(session: AsyncSession, *, resources: Sequence[Resource], changed: Sequence[str] = ()) -> None:
    """Note these as they are now; nothing about contact persons."""
    records = await records_of(session, resources=resources, language="all")
    for record in records:
        record_change(session, kind="updated", collection=COLLECTION, id=record["id"], changed=changed, record=record)


async def records_of(
    session: AsyncSession, *, resources: Sequence[Resource], language: Language
) -> list[dict[str, Any]]:
    """As they are shown, owners as they are after all merges; a few looks for all of them."""
    named = await entities.names(session, ids={one.owner_id for one in resources})
    labs = await repository.resources_by_id(session, {one.lab_id for one in resources if one.lab_id})
    rules = await repository.rules_of(session, {one.id for one in resources})
    terms = await repository.terms_of(session, {key for one in rules.values() if (key := terms_key(one))})
    found = []
    for one in resources:
        own = rules.get(one.id)
        key = terms_key(own) if own else None
        found.append(
            record_of(
                one,
                language,
                owner=named[one.owner_id],
                lab=labs.get(one.lab_id) if one.lab_id else None,
                rules=own,
                terms=terms.get(key) if key else None,
            )
        )
    return found
