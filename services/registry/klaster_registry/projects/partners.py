"""Who takes part in a project: found in the register, checked against its days, written down."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import operations as entities
from klaster_registry.entities.errors import EntityNotFound
from klaster_registry.periods import BEGINNING, Period, refuse_overlaps
from klaster_registry.projects import repository
from klaster_registry.projects.models import Project, ProjectPartner
from klaster_registry.projects.repository import NamedPartner
from klaster_registry.projects.schemas import PartnerIn
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.text import fold

OWN_SOURCE = "office"


async def partner_rows(session: AsyncSession, project: Project, given: Sequence[PartnerIn]) -> list[ProjectPartner]:
    """The partners that a request names, in its order.

    Raises Invalid (nobody of that name in the register, one partner twice at a time, one that takes part before it was
    founded) and AmbiguousReference.
    """
    hqs = await repository.known_hqs(session, [one.foreign_hq for one in given if one.foreign_hq])
    rows = [await _row(session, project.id, at, one, hqs) for at, one in enumerate(given)]
    _refuse_twice_at_a_time(rows)
    await judge(session, project, rows, pointer=lambda at: f"/partners/{at}/from")
    return rows


async def _row(session: AsyncSession, project_id: UUID, at: int, one: PartnerIn, hqs: set[UUID]) -> ProjectPartner:
    if one.foreign_hq and one.foreign_hq not in hqs:
        pointer = f"/partners/{at}/foreign_hq"
        raise Invalid.field(pointer, "unknown_partner", f"There is no organisation abroad {one.foreign_hq}")
    period = one.period()
    return ProjectPartner(
        id=new_id(),
        project_id=project_id,
        position=at,
        entity_id=await _entity(session, at, one.entity) if one.entity else None,
        hq_id=one.foreign_hq,
        name=one.name,
        country=one.country,
        role=one.role,
        valid_from=period.valid_from,
        valid_until=period.valid_until,
    )


async def _entity(session: AsyncSession, at: int, reference: str) -> UUID:
    try:
        return await entities.resolve(session, reference=reference)
    except EntityNotFound as error:
        raise Invalid.field(f"/partners/{at}/entity", "unknown_partner", error.detail) from error


def _refuse_twice_at_a_time(rows: Sequence[ProjectPartner]) -> None:
    periods: dict[Any, list[Period]] = {}
    for row in rows:
        who = row.entity_id or row.hq_id or (fold(row.name or ""), row.country)
        periods.setdefault(who, []).append(Period(row.valid_from, row.valid_until))
    for held in periods.values():
        refuse_overlaps(held, "/partners")


async def judge(
    session: AsyncSession, project: Project, rows: Sequence[ProjectPartner], *, pointer: Callable[[int], str]
) -> None:
    """Nobody takes part before it was founded: refused from the office (raises Invalid), marked from other sources."""
    founded = await repository.founding_days(session, [row.entity_id for row in rows if row.entity_id])
    for at, row in enumerate(rows):
        begins = project.starts_on if row.valid_from == BEGINNING else row.valid_from
        day = founded.get(row.entity_id) if row.entity_id else None
        early = begins is not None and day is not None and begins < day
        if early and project.source == OWN_SOURCE:
            raise Invalid.field(pointer(at), "before_founded", f"It was founded on {day} at the earliest")
        row.doubt = "before_founded" if early else None


def partner_record(partner: NamedPartner) -> dict[str, Any]:
    """A partner as it is written in answers."""
    row = partner.row
    return {
        "entity": {"id": row.entity_id, "name": partner.entity_name} if row.entity_id else None,
        "foreign_hq": {"id": row.hq_id, "name": partner.hq_name, "country": partner.hq_country} if row.hq_id else None,
        "name": row.name,
        "country": row.country,
        "role": row.role,
        **Period(row.valid_from, row.valid_until).wire(),
        "doubt": row.doubt,
    }


def moved(rows: Sequence[ProjectPartner], *, old: UUID, new: UUID) -> list[ProjectPartner]:
    """The partners once `new` stands where `old` stood: what they did at the same time becomes one stay."""
    kept: list[ProjectPartner] = []
    for row in rows:
        entity_id = new if row.entity_id == old else row.entity_id
        copy = _copy(row, entity_id)
        twin = next((one for one in kept if entity_id == new and one.entity_id == new and _together(one, copy)), None)
        if twin is None:
            kept.append(copy)
        else:
            _join(twin, copy)
    return kept


def _copy(row: ProjectPartner, entity_id: UUID | None) -> ProjectPartner:
    values = {name: getattr(row, name) for name in type(row).model_fields}
    return ProjectPartner(**values | {"id": new_id(), "entity_id": entity_id})


def _together(one: ProjectPartner, other: ProjectPartner) -> bool:
    return Period(one.valid_from, one.valid_until).overlaps(Period(other.valid_from, other.valid_until))


def _join(kept: ProjectPartner, other: ProjectPartner) -> None:
    kept.valid_from = min(kept.valid_from, other.valid_from)
    kept.valid_until = max(kept.valid_until, other.valid_until)
    if other.role == "coordinator":
        kept.role = "coordinator"
