"""What can be proposed: per collection how records are held, read and changed. Another collection, another line."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import from_json, to_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import operations as entities
from klaster_registry.entities.models import Entity
from klaster_registry.entities.schemas import EntityUpdate
from klaster_registry.entities.steps.operations import Moment
from klaster_registry.foreign_hqs import operations as foreign_hqs
from klaster_registry.foreign_hqs.models import ForeignHq
from klaster_registry.foreign_hqs.schemas import ForeignHqCreate, ForeignHqUpdate
from klaster_registry.labs import operations as labs
from klaster_registry.labs.models import Lab
from klaster_registry.labs.schemas import LabUpdate
from klaster_registry.projects import operations as projects
from klaster_registry.projects.models import Project
from klaster_registry.projects.schemas import ProjectCreate
from klaster_shared.labels import label_text

Names = dict[UUID, str | dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A collection whose records partners may propose to change.

    hold(session, record_id, given) gives the record, held for that change; owner(record) whose it is, None where it
    has no owner: then takes_part(session, record, entity_id) says whether an entity has a part in it, which must be so
    after the change. document(session, record, day) is what it says; change(session, record, given, moment) writes;
    names(session, ids, language) what people call them; `derived` are, per property, the parts that follow from others
    and are no part of what can be proposed. `new` and create(session, record_id, given, moment): where new records can
    be proposed too.
    """

    schema: type[BaseModel] | None
    hold: Callable[[AsyncSession, UUID, Any], Awaitable[Any]]
    owner: Callable[[Any], UUID | None]
    document: Callable[[AsyncSession, Any, date], Awaitable[dict[str, Any]]]
    change: Callable[[AsyncSession, Any, Any, Moment], Awaitable[None]]
    names: Callable[[AsyncSession, Sequence[UUID], Any], Awaitable[Names]]
    derived: Mapping[str, Collection[str]] = field(default_factory=dict)
    takes_part: Callable[[AsyncSession, Any, UUID], Awaitable[bool]] | None = None
    new: type[BaseModel] | None = None
    create: Callable[[AsyncSession, UUID, Any, Moment], Awaitable[Any]] | None = None

    async def stated(self, session: AsyncSession, record: Any, names: Collection[str], day: date) -> dict[str, Any]:
        """What the record says in these properties, without what is derived."""
        document = await self.document(session, record, day)
        said: dict[str, Any] = from_json(to_json({name: document[name] for name in names}))
        return {name: _without(value, self.derived.get(name, ())) for name, value in said.items()}


def _without(value: Any, derived: Collection[str]) -> Any:
    if isinstance(value, list):
        return [_without(item, derived) for item in value]
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if name not in derived}
    return value


async def _hold_entity(session: AsyncSession, record_id: UUID, given: EntityUpdate) -> Entity:
    claims: Any = given.identifiers if "identifiers" in given.model_fields_set else None
    return await entities.hold_entity(session, reference=str(record_id), claims=claims)


async def _entity_document(_session: AsyncSession, entity: Entity, _day: date) -> dict[str, Any]:
    found: dict[str, Any] = from_json(entity.document)
    return found


async def _change_entity(session: AsyncSession, entity: Entity, given: EntityUpdate, moment: Moment) -> None:
    await entities.change_entity(session, entity=entity, given=given, now=moment.now, today=moment.today)


async def _entity_names(session: AsyncSession, ids: Sequence[UUID], _language: Any) -> Names:
    return {**await entities.names_of(session, ids=ids)}


async def _hold_lab(session: AsyncSession, record_id: UUID, _given: LabUpdate) -> Lab:
    return await labs.get_lab(session, record_id=record_id, held=True)


async def _lab_document(session: AsyncSession, lab: Lab, day: date) -> dict[str, Any]:
    [found] = await labs.records_of(session, records=[lab], day=day, language="all")
    return found


async def _change_lab(session: AsyncSession, lab: Lab, given: LabUpdate, moment: Moment) -> None:
    await labs.change_lab(session, record=lab, given=given, now=moment.now)


async def _lab_names(session: AsyncSession, ids: Sequence[UUID], language: Any) -> Names:
    found = await labs.named_labs(session, ids=ids)
    return {lab_id: label_text(lab.name_pl, lab.name_en, language) for lab_id, lab in found.items()}


async def _hold_hq(session: AsyncSession, record_id: UUID, _given: ForeignHqUpdate) -> ForeignHq:
    return await foreign_hqs.get_hq(session, record_id=record_id, held=True)


async def _hq_document(session: AsyncSession, hq: ForeignHq, _day: date) -> dict[str, Any]:
    [found] = await foreign_hqs.records_of(session, records=[hq])
    return found


async def _change_hq(session: AsyncSession, hq: ForeignHq, given: ForeignHqUpdate, moment: Moment) -> None:
    await foreign_hqs.change_hq(session, record=hq, given=given, now=moment.now)


async def _create_hq(session: AsyncSession, record_id: UUID, given: ForeignHqCreate, moment: Moment) -> ForeignHq:
    return await foreign_hqs.create_hq(session, given=given, now=moment.now, record_id=record_id)


async def _in_hq(session: AsyncSession, hq: ForeignHq, entity_id: UUID) -> bool:
    [found] = await foreign_hqs.records_of(session, records=[hq])
    return entity_id in {hq.local_entity_id, *(one["id"] for one in found["partner_entities"])}


async def _hq_names(session: AsyncSession, ids: Sequence[UUID], _language: Any) -> Names:
    return {**await foreign_hqs.names_of(session, ids=ids)}


async def _hold_project(session: AsyncSession, record_id: UUID, _given: Any) -> Project:
    return await projects.get_project(session, record_id=record_id, held=True)


async def _project_document(session: AsyncSession, project: Project, day: date) -> dict[str, Any]:
    [found] = await projects.records_of(session, records=[project], day=day, language="all")
    return found


async def _create_project(session: AsyncSession, record_id: UUID, given: ProjectCreate, moment: Moment) -> Project:
    return await projects.create_project(session, given=given, now=moment.now, record_id=record_id)


async def _change_project(_session: AsyncSession, _project: Project, _given: Any, _moment: Moment) -> None:
    raise AssertionError("a project that is there is changed by the office")


async def _in_project(session: AsyncSession, project: Project, entity_id: UUID) -> bool:
    return entity_id in await projects.entities_in(session, project_id=project.id)


async def _project_names(session: AsyncSession, ids: Sequence[UUID], language: Any) -> Names:
    found = await projects.titles_of(session, ids=ids)
    return {project_id: label_text(pl, en, language) for project_id, (pl, en) in found.items()}


TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        "entities": Target(
            schema=EntityUpdate,
            hold=_hold_entity,
            owner=lambda entity: entity.id,
            document=_entity_document,
            change=_change_entity,
            names=_entity_names,
            derived={
                "identifiers": frozenset({"verdict", "reason", "checked_at", "conflict"}),
                "branches": frozenset({"abroad"}),
            },
        ),
        "labs": Target(
            schema=LabUpdate,
            hold=_hold_lab,
            owner=lambda lab: lab.owner_id,
            document=_lab_document,
            change=_change_lab,
            names=_lab_names,
            derived={"owner": frozenset({"name"})},
        ),
        "projects": Target(
            schema=None,
            hold=_hold_project,
            owner=lambda _project: None,
            takes_part=_in_project,
            document=_project_document,
            change=_change_project,
            names=_project_names,
            new=ProjectCreate,
            create=_create_project,
        ),
        "foreign_hqs": Target(
            schema=ForeignHqUpdate,
            hold=_hold_hq,
            owner=lambda _hq: None,
            takes_part=_in_hq,
            document=_hq_document,
            change=_change_hq,
            names=_hq_names,
            derived={
                "local_entity": frozenset({"name"}),
                "partner_entities": frozenset({"name"}),
                "engagements": frozenset({"to"}),
            },
            new=ForeignHqCreate,
            create=_create_hq,
        ),
    }
)
