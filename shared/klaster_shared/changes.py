"""The change log: every write leaves a revision in its own transaction, at a position in commit order.

Positions are handed out last, under one lock of the service: a follower that reads "everything after my cursor" can
never skip a row that commits late, which is what serial numbers do on PostgreSQL.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import BigInteger, Column, Index, MetaData, Select, String, Table, Text, exists, insert, select
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from klaster_shared.access import INCLUDES, Role
from klaster_shared.database import Actor, acting, is_postgresql
from klaster_shared.dates import utc_now

TABLE = "changes"
_LOCK = 0x6B6C6173_746572  # one number a database: "klaster"
# Compaction takes this off the positions of what it keeps: below all others, in the order in which they were.
ASIDE = 2**62
ROOM = (
    10**9
)  # more changes than anybody loses between a backup and the accident; exact in JavaScript a million times over
Kind = Literal["created", "updated", "deleted", "merged"]
_NOBODY = "nobody"  # an audience that no role belongs to
_FEED_ROLES: tuple[Role, ...] = ("anonymous", "integrator", "office")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one record. `record` is what it looks like now, without personal data; null for a tombstone."""

    kind: Kind
    collection: str
    id: str
    changed: Sequence[str]
    record: Any
    audience: Role = "anonymous"
    merged_into: str | None = None
    actor: Actor | None = None


def changes_table(metadata: MetaData) -> Table:
    """The service's change log."""
    return Table(
        TABLE,
        metadata,
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("at", UTCDateTime, nullable=False),
        Column("actor", String(200), nullable=False),
        Column("actor_role", String(20), nullable=False),
        Column("kind", String(20), nullable=False),
        Column("collection", String(60), nullable=False),
        Column("record_id", String(200), nullable=False),
        Column("changed", Text, nullable=False),
        Column("record", Text),
        Column("merged_into", String(200)),
        Column("audience", String(20), nullable=False),
        Column("proposed_by", String(200)),
        Index("ix_changes_collection_record_id_position", "collection", "record_id", "position"),
    )


def record_change(
    session: AsyncSession,
    *,
    kind: Kind,
    collection: str,
    id: UUID | str,  # noqa: A002 # the wire's own name
    changed: Sequence[str] = (),
    record: Any = None,
    audience: Role = "anonymous",
    merged_into: UUID | str | None = None,
    actor: Actor | None = None,
) -> None:
    """Note a change of this transaction; it is written just before the commit.

    `record` is anything that pydantic serialises; `audience` is the least role that may see it in a feed; `actor`
    is who made this one change, where a transaction carries out what several asked for.
    """
    session.info.setdefault("changes", []).append(
        Change(
            kind=kind,
            collection=collection,
            id=str(id),
            changed=list(changed),
            record=record,
            audience=audience,
            merged_into=str(merged_into) if merged_into else None,
            actor=actor,
        )
    )


class ChangeLog:
    """Appends what a transaction noted, as its last work before the commit."""

    def __init__(self, metadata: MetaData) -> None:
        self._table = changes_table(metadata)

    async def __call__(self, session: AsyncSession) -> None:
        noted: list[Change] = session.info.pop("changes", [])
        if not noted:
            return
        if is_postgresql(session):
            # Taken last it is held for the length of a commit; taken first it would serialise whole requests.
            await session.execute(select(sql.pg_advisory_xact_lock(_LOCK)))
        last = (await session.execute(select(sql.coalesce(sql.max(self._table.c.position), 0)))).scalar_one()
        own, now = acting(session), utc_now()
        rows = [
            {
                "position": last + offset,
                "at": now,
                "actor": (change.actor or own).subject,
                "actor_role": (change.actor or own).role,
                "kind": change.kind,
                "collection": change.collection,
                "record_id": change.id,
                "changed": to_json(change.changed).decode(),
                "record": None if change.record is None else to_json(change.record).decode(),
                "merged_into": change.merged_into,
                "audience": change.audience,
                "proposed_by": (change.actor or own).proposed_by,
            }
            for offset, change in enumerate(noted, start=1)
        ]
        await session.execute(insert(self._table), rows)
        session.info["logged"] = True


def changes_after(table: Table, *, position: int, last: int, limit: int, audiences: Sequence[str]) -> Select[Any]:
    """The changes behind a position, as far as `last`, that an audience may see, in commit order."""
    return (
        select(table)
        .where(table.c.position > position, table.c.position <= last, table.c.audience.in_(audiences))
        .order_by(table.c.position)
        .limit(limit)
    )


async def leave_room(session: AsyncSession, table: Table) -> int:
    """Go on far behind the last position, after a copy was brought back; the position from which on.

    What was changed after the copy was taken is lost, and had positions. Given out again they would tell whoever read
    them then nothing of what they mean now: nobody ever gets one of them, and whoever comes with one is told.
    """
    last = int(await session.scalar(select(sql.coalesce(sql.max(table.c.position), 0))) or 0)
    own, at = acting(session), max(last, 0) + ROOM
    row = {"position": at, "at": utc_now(), "actor": own.subject, "actor_role": own.role, "kind": "updated"}
    row |= {"collection": "restored_copies", "record_id": str(at), "changed": "[]", "audience": _NOBODY}
    await session.execute(insert(table), row)
    return at


async def is_position(session: AsyncSession, table: Table, position: int) -> bool:
    """Whether anything stands at this position: between the ends of the feed, only what was lost does not."""
    return bool(await session.scalar(select(exists().where(table.c.position == position))))


async def span(session: AsyncSession, table: Table) -> tuple[int, int]:
    """The first and the last position that the feed holds; (1, 0) where it holds none.

    Between them none is missing but those of changes that a restored copy does not have.
    """
    # Two questions in one: asked together, SQLite would read the whole log for them.
    ends = (select(end(table.c.position)).where(table.c.position > 0).scalar_subquery() for end in (sql.min, sql.max))
    first, last = (await session.execute(select(*ends))).one()
    return (1, 0) if first is None else (int(first), int(last))


def stated_position(position: int) -> int:
    """The position at which a change was made, also of one that was set aside."""
    return position if position > 0 else position + ASIDE


def audiences_of(role: str) -> list[str]:
    """The audiences whose changes a role may see."""
    included = INCLUDES.get(role, frozenset())  # type: ignore[call-overload]
    return [audience for audience in _FEED_ROLES if audience in included]
