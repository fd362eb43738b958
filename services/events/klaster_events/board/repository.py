"""Queries on posts of the board."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_events.board.filters import Looked, Resolved, conditions
from klaster_events.board.models import BoardPost, PostTerm
from klaster_events.board.schemas import PostFilters, PostListParameters
from klaster_events.database import AS_WRITTEN, upsert
from klaster_shared.pagination import Order, after


async def find_post(session: AsyncSession, post_id: UUID, *, held: bool = False) -> BoardPost | None:
    """One post; `held` keeps other writers away from it until this transaction ends."""
    return await session.get(BoardPost, post_id, with_for_update=held or None, populate_existing=held)


async def is_known(session: AsyncSession, source: str, source_key: str) -> bool:
    """Whether a post came from a source under a key."""
    statement = select(col(BoardPost.id)).where(
        col(BoardPost.source) == source, col(BoardPost.source_key) == source_key
    )
    return await session.scalar(statement) is not None


async def posts_page(
    session: AsyncSession,
    parameters: PostListParameters,
    *,
    order: Sequence[Order],
    resolved: Resolved,
    looked: Looked,
) -> Sequence[BoardPost]:
    """One page, and one row more where there is more."""
    statement: Any = select(BoardPost).where(*conditions(parameters, resolved=resolved, looked=looked))
    statement = after(statement, order, parameters.cursor).limit(parameters.limit + 1)
    return list((await session.scalars(statement)).all())


@dataclass(frozen=True, slots=True)
class Counts:
    """How many posts there are, how many of them are demonstration data, and how many are not for everybody."""

    total: int
    demonstration: int
    restricted: int


async def count_posts(session: AsyncSession, parameters: PostFilters, *, resolved: Resolved, looked: Looked) -> Counts:
    """The list that the parameters ask for, in numbers."""
    parts = (col(BoardPost.demonstration), col(BoardPost.visibility) != "public")
    sums = [func.coalesce(func.sum(case((part, 1), else_=0)), 0) for part in parts]
    statement = select(func.count(), *sums).select_from(BoardPost)
    statement = statement.where(*conditions(parameters, resolved=resolved, looked=looked))
    return Counts(*(int(number) for number in (await session.execute(statement)).one()))


async def replace_terms(session: AsyncSession, post_id: UUID, terms: Iterable[tuple[str, str]]) -> None:
    """Give a post these terms and no others."""
    before = await _words_of(session, post_id)
    statement = delete(PostTerm).where(col(PostTerm.post_id) == post_id)
    await session.execute(statement.execution_options(**AS_WRITTEN))
    new = list(terms)
    if new:
        rows = [{"post_id": post_id, "kind": kind, "term": term} for kind, term in new]
        await session.execute(insert(PostTerm), rows)
    await _count_words(session, before, {term for kind, term in new if kind == "word"})


async def _words_of(session: AsyncSession, post_id: UUID) -> set[str]:
    statement = select(col(PostTerm.term)).where(col(PostTerm.post_id) == post_id, col(PostTerm.kind) == "word")
    return set((await session.scalars(statement)).all())


async def _count_words(session: AsyncSession, before: set[str], after_: set[str]) -> None:
    """One post holds other words than before. In one order for all: two posts never wait for each other in a circle."""
    rows = [{"term": word, "posts": 1 if word in after_ else -1} for word in sorted(before ^ after_)]
    if rows:
        statement = upsert(session, "post_words")
        moved = {"posts": statement.table.c.posts + statement.excluded.posts}
        await session.execute(statement.on_conflict_do_update(index_elements=["term"], set_=moved), rows)


async def delete_post(session: AsyncSession, post_id: UUID) -> None:
    """Remove a post; its terms go with it."""
    await replace_terms(session, post_id, ())
    await session.execute(delete(BoardPost).where(col(BoardPost.id) == post_id).execution_options(**AS_WRITTEN))
