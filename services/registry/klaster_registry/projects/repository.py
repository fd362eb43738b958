"""Queries on projects."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.database import by
from klaster_registry.entities.models import Entity
from klaster_registry.foreign_hqs.models import ForeignHq
from klaster_registry.periods import END, covers
from klaster_registry.projects.filters import conditions
from klaster_registry.projects.models import Project, ProjectField, ProjectKind, ProjectPartner
from klaster_registry.projects.schemas import ProjectListParameters
from klaster_shared.pagination import after

ORDER = (by("title", col(Project.sort_title)), by("id", col(Project.id)))


@dataclass(frozen=True, slots=True)
class NamedPartner:
    """A partner with the name that its record has today."""

    row: ProjectPartner
    entity_name: str | None
    hq_name: str | None
    hq_country: str | None


async def find_project(session: AsyncSession, project_id: UUID, *, held: bool = False) -> Project | None:
    """One project; `held` keeps other writers out until this transaction ends."""
    statement = select(Project).where(col(Project.id) == project_id)
    return await session.scalar(statement.with_for_update() if held else statement)


async def titles(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """The titles of these projects, Polish and English."""
    if not ids:
        return {}
    statement = select(col(Project.id), col(Project.title_pl), col(Project.title_en)).where(col(Project.id).in_(ids))
    return {project_id: (pl, en) for project_id, pl, en in (await session.execute(statement)).all()}


async def id_by_source(session: AsyncSession, source: str, source_key: str) -> UUID | None:
    """The project that came from a source under a key."""
    statement = select(col(Project.id)).where(col(Project.source) == source, col(Project.source_key) == source_key)
    return await session.scalar(statement)


async def projects_page(session: AsyncSession, asked: ProjectListParameters, *, today: date) -> Sequence[Project]:
    """One page, and one row more where there is more."""
    statement: Any = select(Project).where(*conditions(asked, today=today))
    found = await session.scalars(after(statement, ORDER, asked.cursor).limit(asked.limit + 1))
    return list(found.all())


async def measure(
    session: AsyncSession, asked: ProjectListParameters, *, today: date
) -> tuple[int, int, int, Decimal | None]:
    """How many projects, how many of them demonstration data, how many with a value in PLN, and the sum of these."""
    statement = (
        select(
            func.count(),
            func.coalesce(func.sum(case((col(Project.demonstration), 1), else_=0)), 0),
            func.count(col(Project.amount_pln)),
            func.sum(col(Project.amount_pln)),
        )
        .select_from(Project)
        .where(*conditions(asked, today=today))
    )
    total, marked, stated, amount = (await session.execute(statement)).one()
    return int(total), int(marked), int(stated), amount


async def running_by_group(session: AsyncSession, day: date) -> dict[str, int]:
    """How many projects of each special interest group run on a day."""
    statement = (
        select(col(Project.group_code), func.count())
        .where(col(Project.group_code).is_not(None), covers(col(Project.runs_from), col(Project.runs_until), day))
        .group_by(col(Project.group_code))
    )
    return {str(code): int(count) for code, count in (await session.execute(statement)).all()}


async def codes_of(session: AsyncSession, table: Any, column: Any, ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Kinds or fields of these projects, in order."""
    statement = select(col(table.project_id), col(column)).where(col(table.project_id).in_(ids)).order_by(col(column))
    found: dict[UUID, list[str]] = {}
    for project_id, code in (await session.execute(statement)).all():
        found.setdefault(project_id, []).append(code)
    return found


async def partners_of(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, list[NamedPartner]]:
    """The partners of these projects with their names, in their order."""
    rows = ProjectPartner
    statement = (
        select(rows, col(Entity.name), col(ForeignHq.name), col(ForeignHq.country))
        .join(Entity, col(Entity.id) == rows.entity_id, isouter=True)
        .join(ForeignHq, col(ForeignHq.id) == rows.hq_id, isouter=True)
        .where(col(rows.project_id).in_(ids))
        .order_by(col(rows.position))
    )
    found: dict[UUID, list[NamedPartner]] = {}
    for row, *names in (await session.execute(statement)).all():
        found.setdefault(row.project_id, []).append(NamedPartner(row, *names))
    return found


async def ids_with_entity(session: AsyncSession, entity_id: UUID) -> list[UUID]:
    """The projects that an entity takes part in, in an order that all writers share."""
    rows = ProjectPartner
    statement = select(col(rows.project_id)).where(col(rows.entity_id) == entity_id).distinct()
    return sorted(await session.scalars(statement))


async def founding_days(session: AsyncSession, entities: Collection[UUID]) -> dict[UUID, date]:
    """The first day on which each can have been founded; those of which nothing is known are left out."""
    statement = select(col(Entity.id), col(Entity.founded_first)).where(
        col(Entity.id).in_(entities), col(Entity.founded_first) < END
    )
    return dict((await session.execute(statement)).all())


async def known_hqs(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Which of these organisations abroad there are."""
    return set(await session.scalars(select(col(ForeignHq.id)).where(col(ForeignHq.id).in_(ids))))


async def replace_codes(session: AsyncSession, table: Any, project_id: UUID, column: str, codes: Iterable[str]) -> None:
    """Write kinds or fields of a project anew, each once."""
    await session.execute(delete(table).where(col(table.project_id) == project_id))
    session.add_all(table(project_id=project_id, **{column: code}) for code in dict.fromkeys(codes))
    await session.flush()


async def replace_partners(session: AsyncSession, project_id: UUID, partners: Sequence[ProjectPartner]) -> None:
    """Write the partners of a project anew."""
    statement = delete(ProjectPartner).where(col(ProjectPartner.project_id) == project_id)
    await session.execute(statement.execution_options(synchronize_session=False))
    session.add_all(partners)
    await session.flush()


async def delete_project(session: AsyncSession, project_id: UUID) -> None:
    """Remove a project with its parts."""
    for table in (ProjectPartner, ProjectField, ProjectKind):
        await session.execute(delete(table).where(col(table.project_id) == project_id))
    await session.execute(delete(Project).where(col(Project.id) == project_id))
