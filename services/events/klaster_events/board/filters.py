"""What the board can be asked: conditions shared by lists and figures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, not_, or_
from sqlmodel import col

from klaster_events.board.models import BoardPost, PostTerm
from klaster_events.board.regions import around
from klaster_events.board.schemas import PostFilters
from klaster_events.events.viewers import Viewer
from klaster_shared.dates import day_start
from klaster_shared.text import fold

SORTS: dict[str, Any] = {
    "posted_at": col(BoardPost.posted_at),
    "updated_at": col(BoardPost.updated_at),
    "valid_until": col(BoardPost.valid_until),
    "title": col(BoardPost.sort_title),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What stands behind codes and ids that filters speak of; None: not asked for."""

    kinds: Sequence[str] | None = None
    owners: Sequence[UUID] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Who looks, on which day, in which zone."""

    viewer: Viewer
    today: date
    zone: str


def conditions(asked: PostFilters, *, resolved: Resolved, looked: Looked) -> list[ColumnElement[bool]]:
    """The rows that the parameters ask for and the viewer may see."""
    columns: list[tuple[Any, Sequence[Any] | None]] = [
        (BoardPost.side, asked.side or None),
        (BoardPost.kind, asked.kind or None),
        (BoardPost.state, asked.state or None),
        (BoardPost.visibility, asked.visibility or None),
        (BoardPost.source, asked.source or None),
        (BoardPost.source_key, asked.source_key or None),
        (BoardPost.kind, resolved.kinds),
        (BoardPost.owner_id, resolved.owners),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in columns if values is not None]
    flags: list[tuple[Any, bool | None]] = [
        (BoardPost.international, asked.international),
        (BoardPost.demonstration, asked.demonstration),
    ]
    found += [col(column).is_(wanted) for column, wanted in flags if wanted is not None]
    if asked.open is not None:
        found.append(open_on(looked.today) if asked.open else not_(open_on(looked.today)))
    words = fold(asked.q or "").split()
    found += [col(BoardPost.search_text).contains(word, autoescape=True) for word in words]
    return [*found, *_termed(asked), *_ready(asked), *_posted(asked, looked.zone), *visible_to(looked.viewer)]


def open_on(day: date) -> ColumnElement[bool]:
    """Published, and valid on a day."""
    return and_(col(BoardPost.state) == "published", col(BoardPost.valid_until) >= day)


def visible_to(viewer: Viewer) -> list[ColumnElement[bool]]:
    """The rows that somebody who looks may see: drafts are their owner's, and the office's."""
    if viewer.office:
        return []
    published = col(BoardPost.state) != "draft"
    shown = published if viewer.partner else and_(published, col(BoardPost.visibility) == "public")
    return [or_(shown, col(BoardPost.owner_id).in_(viewer.own)) if viewer.own else shown]


def _termed(asked: PostFilters) -> list[ColumnElement[bool]]:
    regions = frozenset[str]().union(*(around(region) for region in asked.region))
    wanted: list[tuple[str, Collection[str]]] = [
        ("field", asked.field),
        ("keyword", [fold(keyword) for keyword in asked.keyword]),
        ("region", sorted(regions)),
    ]
    return [_with_term(kind, terms) for kind, terms in wanted if terms]


def _with_term(kind: str, terms: Collection[str]) -> ColumnElement[bool]:
    of_post = col(PostTerm.post_id) == col(BoardPost.id)
    return exists().where(of_post, col(PostTerm.kind) == kind, col(PostTerm.term).in_(terms))


def _ready(asked: PostFilters) -> list[ColumnElement[bool]]:
    least = [col(BoardPost.readiness) >= asked.readiness_min] if asked.readiness_min is not None else []
    most = [col(BoardPost.readiness) <= asked.readiness_max] if asked.readiness_max is not None else []
    return [*least, *most]


def _posted(asked: PostFilters, zone: str) -> list[ColumnElement[bool]]:
    """Published on a day from one to another, both included."""
    found: list[ColumnElement[bool]] = []
    if asked.posted_from is not None:
        found.append(col(BoardPost.posted_at) >= day_start(asked.posted_from, zone))
    if asked.posted_to is not None:
        found.append(col(BoardPost.posted_at) < day_start(asked.posted_to + timedelta(days=1), zone))
    return [*found, col(BoardPost.state) != "draft"] if found else []
