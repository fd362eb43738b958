"""What the showcase can be asked for: conditions shared by the list and the figure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlmodel import col

from klaster_events.events.viewers import Viewer
from klaster_events.showcase.models import ShowcaseItem
from klaster_events.showcase.schemas import ShowcaseListParameters
from klaster_shared.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for, by whom, on which day; entities under all their ids."""

    parameters: ShowcaseListParameters
    viewer: Viewer
    day: date
    entities: Collection[UUID] | None


def conditions(asked: Asked) -> list[ColumnElement[bool]]:
    """The rows that the parameters ask for and the viewer may see."""
    given = asked.parameters
    columns: list[tuple[Any, Collection[Any] | None]] = [
        (ShowcaseItem.entity_id, asked.entities),
        (ShowcaseItem.project_id, given.project or None),
        (ShowcaseItem.state, given.state or None),
        (ShowcaseItem.source, given.source or None),
        (ShowcaseItem.source_key, given.source_key or None),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in columns if values is not None]
    if given.demonstration is not None:
        found.append(col(ShowcaseItem.demonstration).is_(given.demonstration))
    if given.on_show is not None:
        found.append(on_show(asked.day) if given.on_show else not_(on_show(asked.day)))
    words = fold(given.q or "").split()
    found += [col(ShowcaseItem.search_text).contains(word, autoescape=True) for word in words]
    return [*found, *_visible_to(asked.viewer)]


def on_show(day: date) -> ColumnElement[bool]:
    """On show on a day: one that was withdrawn was so until the day before."""
    return and_(
        col(ShowcaseItem.state) != "draft",
        col(ShowcaseItem.shown_from) <= day,
        or_(col(ShowcaseItem.shown_until).is_(None), col(ShowcaseItem.shown_until) >= day),
    )


def _visible_to(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Drafts are their owner's, and the office's."""
    if viewer.office:
        return []
    shown = col(ShowcaseItem.state) != "draft"
    return [or_(shown, col(ShowcaseItem.entity_id).in_(viewer.own)) if viewer.own else shown]
