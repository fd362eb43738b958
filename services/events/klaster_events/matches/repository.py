"""Queries that look for matches: first the few posts that rare words or a field have in common, by index."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.board.filters import open_on
from klaster_events.board.models import BoardPost, PostTerm, PostWord

OWN_POSTS = 20  # for so many open posts of one entity matches are sought: the newest
_BY_WORDS, _BY_FIELD = 50, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which posts may be suggested at all."""

    today: date
    sides: Collection[str]
    excluded_owners: Collection[UUID]
    excluded_posts: Collection[UUID]


async def open_posts_of(session: AsyncSession, ids: Collection[UUID], *, today: date) -> Sequence[BoardPost]:
    """The newest open posts of an entity, under all its ids."""
    statement = select(BoardPost).where(col(BoardPost.owner_id).in_(ids), open_on(today))
    statement = statement.order_by(col(BoardPost.posted_at).desc(), col(BoardPost.id)).limit(OWN_POSTS)
    return list((await session.scalars(statement)).all())


async def frequencies(session: AsyncSession, words: Collection[str]) -> dict[str, int]:
    """How many posts hold each of these words."""
    if not words:
        return {}
    statement = select(col(PostWord.term), col(PostWord.posts)).where(col(PostWord.term).in_(words))
    return dict((await session.execute(statement)).all())


async def by_words(session: AsyncSession, words: Mapping[str, float], sought: Sought) -> list[UUID]:
    """The posts that hold these words, by the sum of the weights of what they hold."""
    if not words:
        return []
    weight = func.sum(case(dict(words), value=col(PostTerm.term), else_=0.0))
    statement = (
        select(col(PostTerm.post_id))
        .join(BoardPost, col(BoardPost.id) == col(PostTerm.post_id))
        .where(col(PostTerm.kind) == "word", col(PostTerm.term).in_(words), *_conditions(sought))
        .group_by(col(PostTerm.post_id))
        .order_by(weight.desc(), col(PostTerm.post_id))
        .limit(_BY_WORDS)
    )
    return list((await session.scalars(statement)).all())


async def newest(session: AsyncSession, sought: Sought, *, fields: Collection[str] = ()) -> list[UUID]:
    """The newest posts, of these fields where any are named."""
    statement = select(col(BoardPost.id)).where(*_conditions(sought))
    if fields:
        of_post = col(PostTerm.post_id) == col(BoardPost.id)
        statement = statement.where(
            exists().where(of_post, col(PostTerm.kind) == "field", col(PostTerm.term).in_(fields))
        )
    statement = statement.order_by(col(BoardPost.posted_at).desc(), col(BoardPost.id).desc()).limit(_BY_FIELD)
    return list((await session.scalars(statement)).all())


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [open_on(sought.today), col(BoardPost.side).in_(sought.sides)]
    if sought.excluded_owners:
        found.append(col(BoardPost.owner_id).not_in(sought.excluded_owners))
    if sought.excluded_posts:
        found.append(col(BoardPost.id).not_in(sought.excluded_posts))
    return found


async def posts_by_id(session: AsyncSession, ids: Collection[UUID]) -> Sequence[BoardPost]:
    """These posts."""
    if not ids:
        return []
    return list((await session.scalars(select(BoardPost).where(col(BoardPost.id).in_(ids)))).all())


async def words_held(session: AsyncSession, ids: Collection[UUID], words: Collection[str]) -> dict[UUID, list[str]]:
    """Which of these words each of these posts holds."""
    if not ids or not words:
        return {}
    statement: Any = select(col(PostTerm.post_id), col(PostTerm.term)).where(
        col(PostTerm.post_id).in_(ids), col(PostTerm.kind) == "word", col(PostTerm.term).in_(words)
    )
    found: dict[UUID, list[str]] = {}
    for post_id, word in (await session.execute(statement)).all():
        found.setdefault(post_id, []).append(word)
    return found
