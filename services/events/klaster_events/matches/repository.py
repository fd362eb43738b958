"""Queries that look for matches: first the few posts that rare words or a field have in common, by index."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.board.filters import open_on
from klaster_events.board.models import BoardPost, PostTerm, PostWord
from klaster_events.matches.features import Candidate

OWN_POSTS = 20  # for so many open posts of one entity matches are sought: the newest
_LOOKED_THROUGH = 4  # times as many of the newest posts, before those of a field are asked for by themselves
_LOOKED_AT = (
    col(BoardPost.id),
    col(BoardPost.owner_id),
    col(BoardPost.side),
    col(BoardPost.kind),
    col(BoardPost.fields),
    col(BoardPost.regions),
    col(BoardPost.posted_at),
)


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


async def postings(session: AsyncSession, words: Collection[str]) -> dict[str, list[str]]:
    """Which of these words each post holds, in whatever state it is, by the hex of its id.

    One row of a word: a row, and an id, of each word and post would take longer to read than to find.
    """
    if not words:
        return {}
    held = func.aggregate_strings(cast(col(PostTerm.post_id), String), ",")
    statement = select(col(PostTerm.term), held).where(col(PostTerm.kind) == "word", col(PostTerm.term).in_(words))
    rows = (await session.execute(statement.group_by(col(PostTerm.term)).order_by(col(PostTerm.term)))).all()
    found: dict[str, list[str]] = {}
    for word, ids in rows:
        for post_id in ids.replace("-", "").split(","):
            found.setdefault(post_id, []).append(word)
    return found


async def of_ids(session: AsyncSession, ids: Collection[UUID], sought: Sought) -> list[Candidate]:
    """Those of these posts that may be suggested."""
    statement = select(*_LOOKED_AT).where(col(BoardPost.id).in_(ids), *_conditions(sought))
    return [Candidate(*row) for row in (await session.execute(statement)).all()]


async def newest(session: AsyncSession, sought: Sought, *, limit: int) -> list[Candidate]:
    """The newest posts."""
    return await _newest(session, select(*_LOOKED_AT).where(*_conditions(sought)), limit)


async def newest_of_fields(
    session: AsyncSession, fields: frozenset[str], sought: Sought, *, limit: int
) -> list[Candidate]:
    """The newest posts of these fields.

    Where they are common, they are among the newest of all: no database has to gather and sort each post of a field.
    """
    last = await newest(session, sought, limit=limit * _LOOKED_THROUGH)
    found = [post for post in last if not fields.isdisjoint(post.fields)]
    if len(found) >= limit or len(last) < limit * _LOOKED_THROUGH:
        return found[:limit]
    of_post = col(PostTerm.post_id) == col(BoardPost.id)
    held = exists().where(of_post, col(PostTerm.kind) == "field", col(PostTerm.term).in_(fields))
    return await _newest(session, select(*_LOOKED_AT).where(*_conditions(sought), held), limit)


async def _newest(session: AsyncSession, statement: Any, limit: int) -> list[Candidate]:
    statement = statement.order_by(col(BoardPost.posted_at).desc(), col(BoardPost.id).desc()).limit(limit)
    return [Candidate(*row) for row in (await session.execute(statement)).all()]


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [open_on(sought.today), col(BoardPost.side).in_(sought.sides)]
    if sought.excluded_owners:
        found.append(col(BoardPost.owner_id).not_in(sought.excluded_owners))
    if sought.excluded_posts:
        found.append(col(BoardPost.id).not_in(sought.excluded_posts))
    return found


async def posts_by_id(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, BoardPost]:
    """These posts."""
    if not ids:
        return {}
    found = await session.scalars(select(BoardPost).where(col(BoardPost.id).in_(ids)))
    return {post.id: post for post in found.all()}
