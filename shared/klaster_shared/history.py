"""What we had recorded, and when: one record's past, read from the change log."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import from_json
from sqlalchemy import Select, Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.access import may
from klaster_shared.changes import Kind, audiences_of, stated_position
from klaster_shared.dates import Moment
from klaster_shared.errors import NotFound
from klaster_shared.labels import Language
from klaster_shared.pagination import Order, Page, PageParameters, after, next_cursor

_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def _of_our_calendar(at: datetime) -> datetime:
    # At its very edges an instant has no equal in other zones, and databases fail on it, each in its own way.
    if not _FIRST <= at <= _LAST:
        raise ValueError("nothing was recorded at the edges of the calendar")
    return at


Instant = Annotated[Moment, AfterValidator(_of_our_calendar)]
KnownAt = Annotated[
    Instant | None,
    Query(description="What we had recorded at that instant, in RFC 3339 with its offset: 2026-03-01T12:00:00Z"),
]
_UNSEEN = frozenset({"version", "updated_at", "created_at"})  # they say that something changed, not what


class NotKnownThen(NotFound):
    code, title = "not_known_then", "Nothing was recorded under this name at that instant"


class FieldChangeRead(BaseModel):
    """One property of a record, before and after."""

    field: str
    before: Any
    after: Any


class RevisionRead(BaseModel):
    """One change of one record."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "position": "1042",
                    "at": "2026-11-24T10:00:00Z",
                    "kind": "updated",
                    "actor_role": "office",
                    "actor": None,
                    "proposed_by": None,
                    "changed": ["legal_form"],
                    "changes": [{"field": "legal_form", "before": "spółka z o.o.", "after": "spółka akcyjna"}],
                    "merged_into": None,
                }
            ]
        }
    )

    position: str = Field(examples=["1042"])
    at: datetime
    kind: Kind
    actor_role: str = Field(examples=["office"])
    actor: str | None = Field(description="Who did it; for the office alone, null for others")
    proposed_by: str | None = Field(description="Whose proposal was accepted with it; for the office alone")
    changed: list[str]
    changes: list[FieldChangeRead] = Field(description="Property by property; empty where the record is personal")
    merged_into: str | None


async def known_record(
    session: AsyncSession, table: Table, *, collection: str, record_id: str, at: datetime, role: str
) -> dict[str, Any]:
    """A record as it was recorded at an instant; raises NotKnownThen where it was not yet, or no longer."""
    statement = (
        _of_record(table, collection, record_id, role)
        .where(table.c.at <= at)
        .order_by(table.c.position.desc())
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        await _refuse_forgotten(session, _of_record(table, collection, record_id, role).order_by(table.c.position))
    if row is None or row.record is None:
        raise NotKnownThen(f"At {at.isoformat()} there was no {record_id} among {collection}")
    record: dict[str, Any] = from_json(row.record)
    return record


async def _refuse_forgotten(session: AsyncSession, revisions: Select[Any]) -> None:
    """Where the oldest revision is no beginning, those before it were given up: nobody is told that nothing was."""
    oldest = (await session.execute(revisions.limit(1))).one_or_none()
    if oldest is not None and oldest.position < 0 and oldest.kind != "created":
        raise NotKnownThen(f"What was recorded before {oldest.at.isoformat()} is no longer kept")


async def revisions_page(
    session: AsyncSession, table: Table, *, collection: str, record_id: str, role: str, asked: PageParameters
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of a record's revisions, newest first, and the cursor behind it; raises NotFound without any."""
    order = (Order("position", table.c.position, descending=True),)
    statement = after(_of_record(table, collection, record_id, role), order, asked.cursor)
    # One row more says whether there is more, and what the page's last revision changed.
    rows = (await session.execute(statement.limit(asked.limit + 1))).all()
    if not rows and asked.cursor is None:
        raise NotFound(f"There is, and was, no {record_id} among {collection}")
    cursor = next_cursor(rows, limit=asked.limit, order=order, key=lambda row: (row.position,))
    earlier = [*rows[1:], None][: len(rows)]
    names_shown = may(role, "office")
    items = [_revision(row, before, names_shown=names_shown) for row, before in zip(rows, earlier, strict=True)]
    return items[: asked.limit], cursor


def _of_record(table: Table, collection: str, record_id: str, role: str) -> Select[Any]:
    return select(table).where(
        table.c.collection == collection,
        table.c.record_id == record_id,
        table.c.audience.in_(audiences_of(role)),
    )


def _revision(row: Any, before: Any, *, names_shown: bool) -> dict[str, Any]:
    return {
        "position": str(stated_position(row.position)),
        "at": row.at,
        "kind": row.kind,
        "actor_role": row.actor_role,
        "actor": row.actor if names_shown else None,
        "proposed_by": row.proposed_by if names_shown else None,
        "changed": from_json(row.changed),
        "changes": _differences(before, row) if before is not None else [],
        "merged_into": row.merged_into,
    }


def _differences(before: Any, now: Any) -> list[dict[str, Any]]:
    if before.record is None or now.record is None:
        return []
    old, new = from_json(before.record), from_json(now.record)
    return [
        {"field": name, "before": old.get(name), "after": new.get(name)}
        for name in sorted({*old, *new} - _UNSEEN)
        if old.get(name) != new.get(name)
    ]


def in_language(value: Any, language: Language) -> Any:
    """A stored record, which carries its labels in both languages, in the language asked for."""
    if language == "all":
        return value
    if isinstance(value, Mapping):
        if set(value) == {"pl", "en"}:
            return value[language]
        return {name: in_language(item, language) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [in_language(item, language) for item in value]
    return value


RevisionsPage = Page[RevisionRead]
