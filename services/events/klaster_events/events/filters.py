"""What the list of events can be asked: conditions shared by lists and figures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col

from klaster_events.events.models import CoOrganiser, Event
from klaster_events.events.schemas import EventFilters
from klaster_events.events.viewers import Viewer
from klaster_shared.dates import day_start
from klaster_shared.text import fold

SORTS: dict[str, Any] = {
    "starts_at": col(Event.starts_at),
    "title": col(Event.sort_title),
    "created_at": col(Event.created_at),
    "updated_at": col(Event.updated_at),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What stands behind codes and ids that filters speak of; None: not asked for."""

    types: Sequence[str] | None = None
    organisers: Sequence[UUID] | None = None


def conditions(asked: EventFilters, *, resolved: Resolved, zone: str, viewer: Viewer) -> list[ColumnElement[bool]]:
    """The rows that the parameters ask for and the viewer may see."""
    columns: list[tuple[Any, Sequence[Any]]] = [
        (Event.type, asked.type),
        (Event.state, asked.state),
        (Event.series, asked.series),
        (Event.path, asked.path),
        (Event.sig, asked.sig),
        (Event.visibility, asked.visibility),
        (Event.source, asked.source),
        (Event.source_key, asked.source_key),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in columns if values]
    if resolved.types is not None:
        found.append(col(Event.type).in_(resolved.types))
    if resolved.organisers is not None:
        found.append(organised_by(resolved.organisers))
    if asked.demonstration is not None:
        found.append(col(Event.demonstration).is_(asked.demonstration))
    if asked.from_ is not None:
        found.append(col(Event.starts_at) >= day_start(asked.from_, zone))
    words = fold(asked.q or "").split()
    found += [col(Event.search_text).contains(word, autoescape=True) for word in words]
    found += visible_to(viewer)
    return [*found, *ended_within(None, asked.to, zone), *ended_within(asked.ended_from, asked.ended_to, zone)]


def organised_by(ids: Collection[UUID]) -> ColumnElement[bool]:
    """Organised by one of these entities, alone or with others."""
    together = exists().where(col(CoOrganiser.event_id) == col(Event.id), col(CoOrganiser.entity_id).in_(ids))
    return or_(col(Event.organiser_id).in_(ids), together)


def visible_to(viewer: Viewer) -> list[ColumnElement[bool]]:
    """The rows that somebody who looks may see; all of them for the office."""
    if viewer.office:
        return []
    open_to = ["public", "partners"] if viewer.partner else ["public"]
    allowed: list[ColumnElement[bool]] = [col(Event.visibility).in_(open_to)]
    if viewer.groups:
        allowed.append(and_(col(Event.visibility) == "sig", col(Event.sig).in_(sorted(viewer.groups))))
    if viewer.own:
        allowed.append(organised_by(viewer.own))
    return [col(Event.state) != "draft", or_(*allowed)]


def ended_within(first: date | None, last: date | None, zone: str) -> list[ColumnElement[bool]]:
    """Ended on a day from `first` to `last`, both included; what ends at midnight belongs to the day before.

    Every event ends in exactly one day, month and year: numbers of periods that follow each other can be added.
    """
    found: list[ColumnElement[bool]] = []
    if first is not None:
        found.append(col(Event.ends_at) > day_start(first, zone))
    if last is not None:
        found.append(col(Event.ends_at) <= day_start(last + timedelta(days=1), zone))
    return found
