"""What the list of projects can be asked: the one query that lists and figures share."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlmodel import col

from klaster_registry.entities.models import Entity
from klaster_registry.periods import BEGINNING, END, covers, touches
from klaster_registry.projects.models import Project, ProjectField, ProjectKind, ProjectPartner
from klaster_registry.projects.schemas import ProjectListParameters, State
from klaster_registry.taxonomies.filters import flagged
from klaster_shared.text import fold

_FLAGS = ("international", "rdi", "consortium")


def conditions(asked: ProjectListParameters, *, today: date) -> list[ColumnElement[bool]]:
    """The rows that the parameters ask for."""
    day = asked.as_of or today
    return [*_plain(asked), *_in_time(asked, day), *_by_kind(asked), *_by_partner(asked)]


def _plain(asked: ProjectListParameters) -> list[ColumnElement[bool]]:
    lists: list[tuple[Any, Sequence[Any]]] = [
        (Project.group_code, asked.group),
        (Project.source, asked.source),
        (Project.source_key, asked.source_key),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in lists if values]
    if asked.demonstration is not None:
        found.append(col(Project.demonstration).is_(asked.demonstration))
    switches = ((asked.in_group, col(Project.group_code)), (asked.with_value, col(Project.amount_pln)))
    found += [column.is_not(None) if wanted else column.is_(None) for wanted, column in switches if wanted is not None]
    if asked.field:
        rows = ProjectField
        found.append(exists(select(1).where(col(rows.project_id) == Project.id, col(rows.field).in_(asked.field))))
    words = fold(asked.q or "").split()
    return [*found, *(col(Project.search_text).contains(word, autoescape=True) for word in words)]


def _in_time(asked: ProjectListParameters, day: date) -> list[ColumnElement[bool]]:
    found = []
    runs_from, runs_until = col(Project.runs_from), col(Project.runs_until)
    if asked.state:
        found.append(or_(*(_in_state(state, day) for state in asked.state)))
    if asked.running is not None:
        running = covers(runs_from, runs_until, day)
        found.append(running if asked.running else ~running)
    if asked.running_from or asked.running_to:
        # `runs_from` is far in the future where nothing runs: an open window must not reach it.
        found.append(and_(touches(runs_from, runs_until, asked.running_from, asked.running_to), runs_from < END))
    if asked.started_from or asked.started_to:
        found.append(and_(runs_from.between(asked.started_from or BEGINNING, asked.started_to or END), runs_from < END))
    return found


def _in_state(state: State, day: date) -> ColumnElement[bool]:
    cancelled = and_(col(Project.cancelled_on).is_not(None), col(Project.cancelled_on) <= day)
    if state == "cancelled":
        return cancelled
    if state == "running":
        return covers(col(Project.runs_from), col(Project.runs_until), day)
    stands = or_(col(Project.cancelled_on).is_(None), col(Project.cancelled_on) > day)
    if state == "planned":
        return and_(stands, or_(col(Project.starts_on).is_(None), col(Project.starts_on) > day))
    return and_(stands, col(Project.ends_on).is_not(None), col(Project.ends_on) < day)


def _by_kind(asked: ProjectListParameters) -> list[ColumnElement[bool]]:
    found = [_of_kind(asked.kind)] if asked.kind else []
    for flag in _FLAGS:
        wanted = getattr(asked, flag)
        if wanted is not None:
            of_kind = _of_kind(flagged("project_kinds", flag))
            found.append(of_kind if wanted else ~of_kind)
    return found


def _of_kind(codes: Any) -> ColumnElement[bool]:
    rows = ProjectKind
    return exists(select(1).where(col(rows.project_id) == Project.id, col(rows.kind).in_(codes)))


def _by_partner(asked: ProjectListParameters) -> list[ColumnElement[bool]]:
    rows = ProjectPartner
    on_day = [covers(col(rows.valid_from), col(rows.valid_until), asked.as_of)] if asked.as_of else []
    found: list[ColumnElement[bool]] = []
    if asked.entity:
        taking_part = (col(rows.project_id) == Project.id, col(rows.entity_id).in_(asked.entity))
        found.append(exists(select(1).where(*taking_part, *on_day)))
    if asked.doubtful is not None:
        doubtful = exists(select(1).where(col(rows.project_id) == Project.id, col(rows.doubt).is_not(None)))
        found.append(doubtful if asked.doubtful else ~doubtful)
    if asked.foreign_partner is not None:
        # Most partners are entities, whose country is their seat's.
        of_entity = exists(select(1).where(col(Entity.id) == rows.entity_id, col(Entity.country) != asked.home))
        abroad = or_(col(rows.hq_id).is_not(None), col(rows.country) != asked.home, of_entity)
        foreign = exists(select(1).where(col(rows.project_id) == Project.id, abroad, *on_day))
        found.append(foreign if asked.foreign_partner else ~foreign)
    return found
