"""A person's rows from what was given: roles in time, consents that do not overlap."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import operations as entities
from klaster_registry.people.models import PersonConsent, PersonRole
from klaster_registry.people.schemas import ConsentIn, RoleIn
from klaster_registry.periods import BEGINNING, END, Period, refuse_overlaps
from klaster_registry.taxonomies.operations import Taxonomy, check_codes
from klaster_shared.dates import earliest
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label
from klaster_shared.text import fold, sort_key


def detail_values(given: Any, said: Any) -> dict[str, Any]:
    """The columns of what was said of a person."""
    values = {name: getattr(given, name) for name in ("title", "email", "phone") if name in said}
    if "name" in said:
        values |= {"name": given.name, "sort_name": sort_key(given.name), "folded": fold(given.name)}
    if "bio" in said:
        bio: Label | None = given.bio
        values |= {"bio_pl": bio.pl if bio else None, "bio_en": bio.en if bio else None}
    return values


async def role_rows(session: AsyncSession, person_id: UUID, given: Sequence[RoleIn]) -> list[PersonRole]:
    """The roles; raises EntityNotFound, or Invalid (unknown codes, a role before the entity was founded)."""
    codes: list[tuple[Taxonomy, str, str]] = [
        ("person_roles", f"/roles/{at}/role", one.role) for at, one in enumerate(given)
    ]
    codes += [("advisory_bodies", f"/roles/{at}/body", one.body) for at, one in enumerate(given) if one.body]
    await check_codes(session, codes)
    return [await _role_row(session, person_id, at, one) for at, one in enumerate(given)]


async def _role_row(session: AsyncSession, person_id: UUID, at: int, one: RoleIn) -> PersonRole:
    period = one.period()
    return PersonRole(
        id=new_id(),
        person_id=person_id,
        entity_id=await _entity(session, one.entity, period, f"/roles/{at}/from") if one.entity else None,
        body=one.body,
        role=one.role,
        function_pl=one.function.pl if one.function else None,
        function_en=one.function.en if one.function else None,
        valid_from=period.valid_from,
        valid_until=period.valid_until,
    )


async def _entity(session: AsyncSession, reference: str, period: Period, pointer: str) -> UUID:
    entity_id = await entities.resolve(session, reference=reference)
    founded = from_json((await entities.read_entity(session, reference=str(entity_id))).document)["founded_on"]
    if founded and BEGINNING < period.valid_from < earliest(founded):
        raise Invalid.field(pointer, "before_founded", f"It was founded on {earliest(founded)} at the earliest")
    return entity_id


async def consent_rows(
    session: AsyncSession, person_id: UUID, given: Sequence[ConsentIn], *, today: date
) -> list[PersonConsent]:
    """The consents; raises Invalid (unknown purposes, days to come, two at a time for one purpose)."""
    await check_codes(
        session, [("consent_purposes", f"/consents/{at}/purpose", one.purpose) for at, one in enumerate(given)]
    )
    for at, one in enumerate(given):
        for name in ("given_on", "withdrawn_on"):
            day = getattr(one, name)
            if day is not None and day > today:
                raise Invalid.field(f"/consents/{at}/{name}", "in_the_future", "Nobody consents on a day to come")
    for purpose in {one.purpose for one in given}:
        periods = [Period(one.given_on, one.withdrawn_on or END) for one in given if one.purpose == purpose]
        refuse_overlaps(periods, "/consents")
    return [
        PersonConsent(
            id=new_id(),
            person_id=person_id,
            purpose=one.purpose,
            given_on=one.given_on,
            withdrawn_on=one.withdrawn_on,
            evidence=one.evidence,
        )
        for one in given
    ]
