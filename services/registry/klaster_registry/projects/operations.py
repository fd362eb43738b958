"""Rules of projects and consortia."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.periods import END
from klaster_registry.projects import repository
from klaster_registry.projects.errors import ProjectExists, ProjectNotFound
from klaster_registry.projects.models import Project, ProjectField, ProjectKind
from klaster_registry.projects.partners import judge, moved, partner_rows
from klaster_registry.projects.records import COLLECTION, project_record, search_entry
from klaster_registry.projects.schemas import ProjectCreate, ProjectListParameters, ProjectUpdate
from klaster_registry.projects.values import check_dates, run_values, said_values, search_text
from klaster_registry.search import operations as search
from klaster_registry.taxonomies.operations import Taxonomy, check_codes, with_descendants
from klaster_shared.changes import record_change
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language

ORDER = repository.ORDER  # of lists, for whoever reads one page by page


@dataclass(frozen=True, slots=True)
class Measured:
    """What a set of projects adds up to."""

    projects: int
    demonstration: int
    with_value: int
    amount_pln: Decimal | None


async def list_projects(session: AsyncSession, *, parameters: ProjectListParameters, today: date) -> Sequence[Project]:
    """One page, and one row more where there is more."""
    asked = await _with_fields_below(session, parameters)
    return await repository.projects_page(session, asked, today=today)


async def measure_projects(session: AsyncSession, *, parameters: ProjectListParameters, today: date) -> Measured:
    """Count the projects that the parameters ask for, and add up what they are worth in PLN, where that is stated."""
    asked = await _with_fields_below(session, parameters)
    return Measured(*await repository.measure(session, asked, today=today))


async def count_projects(session: AsyncSession, *, parameters: ProjectListParameters, today: date) -> tuple[int, int]:
    """How many the parameters ask for, and how many of these are demonstration data."""
    measured = await measure_projects(session, parameters=parameters, today=today)
    return measured.projects, measured.demonstration


async def projects_by_group(session: AsyncSession, *, day: date) -> dict[str, int]:
    """How many projects each special interest group runs on a day; a group that is not named runs none."""
    return await repository.running_by_group(session, day)


async def _with_fields_below(session: AsyncSession, asked: ProjectListParameters) -> ProjectListParameters:
    if not asked.field:
        return asked
    return asked.model_copy(update={"field": await with_descendants(session, "fields", asked.field)})


async def get_project(session: AsyncSession, *, record_id: UUID, held: bool = False) -> Project:
    """One project (`held` against other writers where it is to be changed); raises ProjectNotFound."""
    project = await repository.find_project(session, record_id, held=held)
    if project is None:
        raise ProjectNotFound(f"There is no project {record_id}")
    return project


async def entities_in(session: AsyncSession, *, project_id: UUID) -> set[UUID]:
    """The entities of the register that take part in a project, at any time."""
    found = await repository.partners_of(session, [project_id])
    return {one.row.entity_id for one in found.get(project_id, []) if one.row.entity_id}


async def titles_of(session: AsyncSession, *, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """The titles of these projects, Polish and English, as far as they are there."""
    return await repository.titles(session, ids)


async def create_project(
    session: AsyncSession, *, given: ProjectCreate, now: datetime, record_id: UUID | None = None
) -> Project:
    """Add a project; `record_id` where its id was given away before.

    Raises ProjectExists, AmbiguousReference, and Invalid (unknown codes and partners, days the wrong way round,
    somebody who takes part before it was founded).
    """
    project_id = record_id or new_id()
    source_key = given.source_key or str(project_id)
    taken = await repository.id_by_source(session, given.source, source_key)
    if taken is not None:
        raise ProjectExists(f"{given.source} has {source_key} already", existing=str(taken))
    await check_codes(session, _codes(given))
    project = Project(
        id=project_id,
        **said_values(given),
        search_text="",
        runs_from=END,
        runs_until=END,
        source=given.source,
        source_key=source_key,
        demonstration=given.demonstration,
        version=1,
        created_at=now,
        updated_at=now,
    )
    _settle(project)
    partners = await partner_rows(session, project, given.partners)
    session.add(project)
    await session.flush()
    await repository.replace_codes(session, ProjectKind, project_id, "kind", given.kinds)
    await repository.replace_codes(session, ProjectField, project_id, "field", given.fields)
    await repository.replace_partners(session, project_id, partners)
    await _note(session, project, "created", now.date())
    return project


async def change_project(session: AsyncSession, *, record: Project, given: ProjectUpdate, now: datetime) -> Project:
    """Merge a change into a project that is held; raises Invalid as create_project does.

    A change of nothing changes nothing.
    """
    await check_codes(session, _codes(given))
    [before] = await records_of(session, records=[record], day=now.date(), language="all")
    for name, value in said_values(given).items():
        setattr(record, name, value)
    _settle(record)
    await _change_parts(session, record, given)
    [after] = await records_of(session, records=[record], day=now.date(), language="all")
    changed = [name for name in ProjectUpdate.model_fields if before[name] != after[name]]
    if changed:
        record.version += 1
        record.updated_at = now
        await _note(session, record, "updated", now.date(), changed)
    return record


async def _change_parts(session: AsyncSession, project: Project, given: ProjectUpdate) -> None:
    said, asked = given.model_fields_set, given.model_dump(include={"kinds", "fields"})
    if "kinds" in said:
        await repository.replace_codes(session, ProjectKind, project.id, "kind", asked["kinds"])
    if "fields" in said:
        await repository.replace_codes(session, ProjectField, project.id, "field", asked["fields"])
    if "partners" in said:
        rows = await partner_rows(session, project, given.partners)  # type: ignore[arg-type]
        await repository.replace_partners(session, project.id, rows)
    elif "starts_on" in said:
        found = await repository.partners_of(session, [project.id])
        stand = [partner.row for partner in found.get(project.id, [])]
        await judge(session, project, stand, pointer=lambda _: "/starts_on")


async def delete_project(session: AsyncSession, *, record: Project) -> None:
    """Remove a project; the feed keeps a tombstone."""
    await repository.delete_project(session, record.id)
    record_change(session, kind="deleted", collection=COLLECTION, id=record.id)
    await search.drop(session, COLLECTION, record.id)


async def move_entity(session: AsyncSession, *, old: UUID, new: UUID, now: datetime) -> None:
    """Where an entity took part that is merged into another, the other takes part now."""
    for project_id in await repository.ids_with_entity(session, old):
        project = await get_project(session, record_id=project_id, held=True)
        found = await repository.partners_of(session, [project_id])
        rows = moved([partner.row for partner in found[project_id]], old=old, new=new)
        await repository.replace_partners(session, project_id, rows)
        project.version += 1
        project.updated_at = now
        await _note(session, project, "updated", now.date(), ["partners"])


async def records_of(
    session: AsyncSession, *, records: Sequence[Project], day: date, language: Language
) -> list[dict[str, Any]]:
    """Projects as they are written in answers: three queries more, however many there are."""
    ids = [project.id for project in records]
    kinds = await repository.codes_of(session, ProjectKind, ProjectKind.kind, ids)
    fields = await repository.codes_of(session, ProjectField, ProjectField.field, ids)
    partners = await repository.partners_of(session, ids)
    return [
        project_record(
            project,
            kinds=kinds.get(project.id, []),
            fields=fields.get(project.id, []),
            partners=partners.get(project.id, []),
            day=day,
            language=language,
        )
        for project in records
    ]


def _settle(project: Project) -> None:
    check_dates(project)
    project.search_text = search_text(project)
    project.runs_from, project.runs_until = run_values(project)


def _codes(given: ProjectCreate | ProjectUpdate) -> list[tuple[Taxonomy, str, str]]:
    said = given.model_dump(include={"kinds", "group", "fields"})
    asked: list[tuple[Taxonomy, str, str]] = [("groups", "/group", said["group"])] if said.get("group") else []
    asked += [("project_kinds", f"/kinds/{at}", code) for at, code in enumerate(said.get("kinds") or ())]
    return asked + [("fields", f"/fields/{at}", code) for at, code in enumerate(said.get("fields") or ())]


async def _note(session: AsyncSession, project: Project, kind: Any, day: date, changed: Sequence[str] = ()) -> None:
    [record] = await records_of(session, records=[project], day=day, language="all")
    record_change(session, kind=kind, collection=COLLECTION, id=project.id, changed=changed, record=record)
    await search.put(session, search_entry(project, record))
