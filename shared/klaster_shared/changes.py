"""The change log: every write leaves a revision in its own transaction, at a position in commit order.

Positions are handed out last, under one lock of the service: a follower that reads "everything after my cursor" can
never skip a row that commits late, which is what serial numbers do on PostgreSQL.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json
from sqlalchemy import BigInteger, Column, Index, MetaData, Select, String, Table, Text, insert, select
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from klaster_shared.access import INCLUDES, Role, operation
from klaster_shared.database import Actor, acting, is_postgresql
from klaster_shared.dates import utc_now
from klaster_shared.dependencies import CurrentPrincipal, ReadSession
from klaster_shared.routing import api_router

TABLE = "changes"
_LOCK = 0x6B6C6173_746572  # one number a database: "klaster"
Kind = Literal["created", "updated", "deleted", "merged"]
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


class ChangeRead(BaseModel):
    """One change, at its position in commit order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "position": "1042",
                    "at": "2026-11-24T10:00:00Z",
                    "actor": "key:01930000-0000-7000-8000-000000000000",
                    "kind": "merged",
                    "collection": "entities",
                    "id": "0190163d-8694-739b-aea5-966c26f8ad91",
                    "changed": [],
                    "record": None,
                    "merged_into": "0190163d-8694-739b-aea5-966c26f8ad92",
                }
            ]
        }
    )

    position: str = Field(examples=["1042"])
    at: datetime
    actor: str = Field(description="An opaque id; names are for the office alone")
    kind: Kind
    collection: str = Field(examples=["entities"])
    id: str
    changed: list[str]
    record: dict[str, Any] | None = Field(description="The record after the change; null when it is gone")
    merged_into: str | None


class ChangesRead(BaseModel):
    """Changes in commit order. Ask again with `after=<next>`; an empty list means: nothing new."""

    items: list[ChangeRead]
    next: str = Field(description="Position to continue from")


def changes_after(table: Table, *, position: int, limit: int, audiences: Sequence[str]) -> Select[Any]:
    """The changes behind a position that an audience may see, in commit order."""
    return (
        select(table)
        .where(table.c.position > position, table.c.audience.in_(audiences))
        .order_by(table.c.position)
        .limit(limit)
    )


async def last_position(session: AsyncSession, table: Table) -> int:
    """The position of the newest change; 0 where there is none."""
    found = await session.execute(select(sql.coalesce(sql.max(table.c.position), 0)))
    return int(found.scalar_one())


def audiences_of(role: str) -> list[str]:
    """The audiences whose changes a role may see."""
    included = INCLUDES.get(role, frozenset())  # type: ignore[call-overload]
    return [audience for audience in _FEED_ROLES if audience in included]


def render_changes(rows: Sequence[Any], *, after: int) -> bytes:
    """Rows of the log as the answer's bytes: the stored JSON goes out as it is."""
    items = b",".join(_render_change(row) for row in rows)
    return b'{"items":[%s],"next":"%d"}' % (items, rows[-1].position if rows else after)


def _render_change(row: Any) -> bytes:
    head = to_json(
        {
            "position": str(row.position),
            "at": row.at,
            "actor": row.actor,
            "kind": row.kind,
            "collection": row.collection,
            "id": row.record_id,
            "merged_into": row.merged_into,
        }
    )
    record = row.record.encode() if row.record is not None else b"null"
    return b'%s,"changed":%s,"record":%s}' % (head[:-1], row.changed.encode(), record)


def changes_router(service: str) -> APIRouter:
    """`GET /v1/<service>/changes`: the feed, by long poll."""
    router = api_router("changes")

    @router.get(
        f"/v1/{service}/changes",
        operation_id=f"list_{service}_changes",
        summary=f"Changes of {service}, in commit order",
        response_model=ChangesRead,
        **operation(role="integrator", scope="changes:read"),
    )
    async def list_changes(
        request: Request,
        session: ReadSession,
        principal: CurrentPrincipal,
        after: Annotated[int, Query(ge=0, le=2**63 - 1, description="The last position you have; 0 for all")] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Response:
        """Every change once, in the order in which it was committed. Start with `after=0`, go on with `next`."""
        table = request.app.state.metadata.tables[TABLE]
        statement = changes_after(table, position=after, limit=limit, audiences=audiences_of(principal.role))
        rows = (await session.execute(statement)).all()
        return Response(
            render_changes(rows, after=after),
            media_type="application/json",
            headers={"Cache-Control": "private, no-store"},
        )

    return router
