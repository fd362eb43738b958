"""Queries on interest in posts; each comes with its post."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.board.models import BoardPost
from klaster_events.database import AS_WRITTEN, by
from klaster_events.events.viewers import Viewer
from klaster_events.interests.models import Interest
from klaster_events.interests.schemas import InterestListParameters
from klaster_shared.dates import day_start
from klaster_shared.pagination import after

ORDER = (
    replace(by("created_at", col(Interest.created_at)), descending=True),
    replace(by("id", col(Interest.id)), descending=True),
)
LIVES = ("shown", "agreed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is asked for, by whom; entities under all their ids, None where not asked for."""

    parameters: InterestListParameters
    viewer: Viewer
    zone: str
    owners: Collection[UUID] | None
    entities: Collection[UUID] | None


async def find_interest(session: AsyncSession, interest_id: UUID) -> tuple[Interest, BoardPost] | None:
    """One of them with its post."""
    statement = select(Interest, BoardPost).join(BoardPost, col(BoardPost.id) == col(Interest.post_id))
    found = (await session.execute(statement.where(col(Interest.id) == interest_id))).one_or_none()
    return None if found is None else (found[0], found[1])


async def hold_interest(session: AsyncSession, interest_id: UUID) -> None:
    """Keep other writers away from it until this transaction ends, and read it anew."""
    await session.get(Interest, interest_id, with_for_update=True, populate_existing=True)


async def is_shown(session: AsyncSession, post_id: UUID, entity_ids: Collection[UUID]) -> bool:
    """Whether an entity, under any of its ids, is interested in a post already."""
    statement = select(col(Interest.id)).where(
        col(Interest.post_id) == post_id, col(Interest.entity_id).in_(entity_ids), col(Interest.state).in_(LIVES)
    )
    return await session.scalar(statement.limit(1)) is not None


async def interests_page(session: AsyncSession, asked: Asked) -> Sequence[tuple[Interest, BoardPost]]:
    """One page, the last first, and one row more where there is more."""
    statement: Any = _wanted(select(Interest, BoardPost), asked)
    statement = after(statement, ORDER, asked.parameters.cursor).limit(asked.parameters.limit + 1)
    return [(interest, post) for interest, post in (await session.execute(statement)).all()]


async def count_interests(session: AsyncSession, asked: Asked) -> int:
    """How many the filters leave."""
    return int(await session.scalar(_wanted(select(func.count()).select_from(Interest), asked)) or 0)


async def between(session: AsyncSession, ids: Collection[UUID]) -> Sequence[tuple[UUID, UUID, UUID, str]]:
    """What an entity, under all its ids, showed or received: post, who, whose post, state; the first first."""
    columns = (col(Interest.post_id), col(Interest.entity_id), col(BoardPost.owner_id), col(Interest.state))
    statement = select(*columns).join(BoardPost, col(BoardPost.id) == col(Interest.post_id))
    statement = statement.where(or_(col(Interest.entity_id).in_(ids), col(BoardPost.owner_id).in_(ids)))
    rows = (await session.execute(statement.order_by(col(Interest.created_at), col(Interest.id)))).all()
    return [(post_id, entity_id, owner_id, state) for post_id, entity_id, owner_id, state in rows]


def _wanted(statement: Any, asked: Asked) -> Any:
    given = asked.parameters
    columns: list[tuple[Any, Collection[Any] | None]] = [
        (Interest.state, given.state or None),
        (Interest.post_id, given.post or None),
        (Interest.entity_id, asked.entities),
        (BoardPost.owner_id, asked.owners),
    ]
    found: list[ColumnElement[bool]] = [col(column).in_(values) for column, values in columns if values is not None]
    if given.demonstration is not None:
        found.append(col(BoardPost.demonstration).is_(given.demonstration))
    if given.shown_from is not None:
        found.append(col(Interest.created_at) >= day_start(given.shown_from, asked.zone))
    if given.shown_to is not None:
        found.append(col(Interest.created_at) < day_start(given.shown_to + timedelta(days=1), asked.zone))
    joined = statement.join(BoardPost, col(BoardPost.id) == col(Interest.post_id))
    return joined.where(*found, *_visible(asked))


def _visible(asked: Asked) -> list[ColumnElement[bool]]:
    received, sent = (col(column).in_(asked.viewer.own) for column in (BoardPost.owner_id, Interest.entity_id))
    if asked.parameters.direction is not None:
        return [received if asked.parameters.direction == "received" else sent]
    return [] if asked.viewer.office else [or_(received, sent)]


async def drop_messages(session: AsyncSession, people: Collection[UUID]) -> None:
    """Delete what these people wrote."""
    statement = update(Interest).where(col(Interest.person_id).in_(people)).values(message=None)
    await session.execute(statement.execution_options(**AS_WRITTEN))
