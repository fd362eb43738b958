"""What one entity takes over from another that is merged into it: identifiers, names, memberships, relations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import parts, repository
from klaster_registry.entities.documents import Aspect, Whole, period_of
from klaster_registry.entities.models import (
    Entity,
    EntityBranch,
    EntityField,
    EntityIdentifier,
    EntityLink,
    EntityName,
    EntityRelation,
    EntitySector,
    EntityValidity,
)
from klaster_registry.entities.relations import repository as relations_repository
from klaster_registry.entities.saving import Saved, retire, save
from klaster_registry.entities.steps.operations import Moment
from klaster_registry.periods import BEGINNING, Period, united

_OWN: frozenset[Aspect] = frozenset({"registration", "interest_group"})  # the survivor's own are never touched
_TABLES = (EntityName, EntityIdentifier, EntityLink, EntityField, EntitySector, EntityBranch, EntityRelation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """How two become one: two records of one organisation (`day` None), or two organisations on a day."""

    day: date | None
    note: str | None = None

    @property
    def since(self) -> date:
        """The first day on which the survivor alone is there."""
        return self.day or BEGINNING


async def absorb(session: AsyncSession, *, gone: Entity, kept: Entity, merge: Merge, moment: Moment) -> Saved:
    """Let `kept` take over what `gone` has from the day of the merge on; both are held. The survivor, as written.

    Of two records of one organisation everything moves, back to its beginning; of two organisations what holds from
    that day on. Identifiers, names, fields, links and relations are joined; nothing of the survivor's own is lost.
    """
    old, new = await repository.load(session, gone), await repository.load(session, kept)
    before = from_json(kept.document)
    _join_lists(old, new, merge)
    aspects = join_periods(old, new, merge)
    await retire(session, whole=old, survivor=kept.id, since=merge.since, note=merge.note, now=moment.now)
    for table, rows in zip(_TABLES, new.parts(), strict=False):
        await repository.replace_rows(session, table, kept.id, rows)
    await relations_repository.point_relations(session, old=gone.id, new=kept.id)
    return await save(session, whole=new, before=before, aspects=aspects, now=moment.now)


def _join_lists(old: Whole, new: Whole, merge: Merge) -> None:
    entity_id = new.entity.id
    known = {name.folded for name in new.names}
    role = "alias" if merge.day is None else "former"
    for name in old.names:
        if name.folded not in known:
            _append(new.names, name, role=role if name.role == "official" else name.role, entity_id=entity_id)
            known.add(name.folded)
    claims = {(row.scheme, row.value) for row in new.identifiers}
    _take(new.identifiers, (row for row in old.identifiers if (row.scheme, row.value) not in claims), entity_id)
    urls = {link.url for link in new.links}
    _take(new.links, (link for link in old.links if link.url not in urls), entity_id)
    fields, sectors = {row.field for row in new.fields}, {row.sector for row in new.sectors}
    new.fields += [_copy(row, entity_id=entity_id) for row in old.fields if row.field not in fields]
    new.sectors += [_copy(row, entity_id=entity_id) for row in old.sectors if row.sector not in sectors]
    _take(new.branches, _branches_from(old.branches, merge.since), entity_id)
    _join_relations(old, new, merge)


def _join_relations(old: Whole, new: Whole, merge: Merge) -> None:
    stood = {(row.kind, row.scheme, row.value, row.target_id) for row in new.relations}
    # What led from one of the two to the other leads nowhere any more.
    own = {(row.scheme, row.value) for row in (*new.identifiers, *old.identifiers)}
    inside = {new.entity.id, old.entity.id}
    new.relations = [row for row in new.relations if row.target_id != old.entity.id]
    _take(
        new.relations,
        (
            row
            for row in old.relations
            if (row.kind, row.scheme, row.value, row.target_id) not in stood
            and row.target_id not in inside
            and (row.scheme, row.value) not in own
        ),
        new.entity.id,
    )
    if merge.day is not None:
        predecessor = EntityRelation(entity_id=new.entity.id, position=0, kind="predecessor", label=old.entity.name)
        _append(new.relations, predecessor, entity_id=new.entity.id)
    _number(new.relations)
    _number(new.branches)


def _branches_from(branches: Sequence[EntityBranch], since: date) -> list[EntityBranch]:
    return [
        _copy(branch, valid_from=max(branch.valid_from, since)) for branch in branches if branch.valid_until > since
    ]


def join_periods(old: Whole, new: Whole, merge: Merge) -> list[Aspect]:
    """Join what both held; which respects of the survivor are to be written anew."""
    moved: list[Aspect] = []
    for aspect in (one for one in get_args(Aspect) if one not in _OWN):
        taken = [row for row in old.of(aspect) if row.valid_until > merge.since]
        if not taken:
            continue
        values = dict.fromkeys([row.value for row in new.of(aspect)] + [row.value for row in taken])
        rows: list[EntityValidity] = []
        for value in values:
            own = [period_of(row) for row in new.of(aspect) if row.value == value]
            theirs = [Period(max(row.valid_from, merge.since), row.valid_until) for row in taken if row.value == value]
            rows += [parts.validity(new.entity.id, aspect, value, period) for period in united([*own, *theirs])]
        new.validities = [row for row in new.validities if row.aspect != aspect] + rows
        moved.append(aspect)
    if new.entity.interest_group is None and old.entity.interest_group is not None:
        new.entity.interest_group = old.entity.interest_group
        period = Period(merge.since)
        new.validities.append(parts.validity(new.entity.id, "interest_group", new.entity.interest_group, period))
        moved.append("interest_group")
    return moved


def _take(mine: list[Any], theirs: Iterable[Any], entity_id: Any) -> None:
    for row in theirs:
        _append(mine, row, entity_id=entity_id)


def _append(rows: list[Any], row: Any, **changed: Any) -> None:
    rows.append(_copy(row, **changed, position=len(rows)))


def _copy(row: Any, **changed: Any) -> Any:
    return type(row)(**{**row.model_dump(), **changed})


def _number(rows: list[Any]) -> None:
    rows[:] = [_copy(row, position=position) for position, row in enumerate(rows)]
