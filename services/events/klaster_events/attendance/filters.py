"""What participations can be asked: one query for the list and for the figures counted from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from klaster_events.attendance.models import Attendance
from klaster_events.attendance.schemas import ParticipationListParameters
from klaster_events.entities.models import EntityCopy
from klaster_events.events.filters import ended_within
from klaster_events.events.models import Event

_SURVIVOR = aliased(EntityCopy, name="survivor")
ENTITY = func.coalesce(col(EntityCopy.merged_into), col(Attendance.entity_id))
STARTUP = func.coalesce(col(_SURVIVOR.startup), False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """The types and series behind `counts_as`; None: not asked for."""

    types: Sequence[str] | None = None
    series: Sequence[str] | None = None


def joined(*columns: Any) -> Any:
    """People present, with their event and their entity as it is after all merges."""
    return (
        select(*columns)
        .select_from(Attendance)
        .join(Event, col(Event.id) == col(Attendance.event_id))
        .outerjoin(EntityCopy, col(EntityCopy.id) == col(Attendance.entity_id))
        .outerjoin(_SURVIVOR, col(_SURVIVOR.id) == ENTITY)
        .where(col(Attendance.present))
    )


def conditions(asked: ParticipationListParameters, *, counting: Counting, zone: str) -> list[ColumnElement[bool]]:
    """The rows that the parameters ask for."""
    columns: list[tuple[Any, Sequence[Any] | None]] = [
        (Event.series, asked.series or None),
        (Event.id, asked.event or None),
        (Event.state, asked.state or None),
        (Event.type, counting.types),
        (Event.series, counting.series),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in columns if values is not None]
    if asked.entity:
        found.append(ENTITY.in_(asked.entity))
    if asked.startup is not None:
        found.append(STARTUP.is_(asked.startup))
    if asked.demonstration is not None:
        found.append(col(Event.demonstration).is_(asked.demonstration))
    return [*found, *ended_within(asked.ended_from, asked.ended_to, zone)]
