"""The table of background work, and a row of it as its caller may watch it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json
from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text, Uuid, text
from sqlmodel.sql.sqltypes import UTCDateTime

TABLE = "jobs"
LIVE = "state IN ('queued', 'running')"
State = Literal["queued", "running", "succeeded", "failed", "cancelled"]


def jobs_table(metadata: MetaData) -> Table:
    """The service's table of background work."""
    return Table(
        TABLE,
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", String(60), nullable=False),
        Column("key", String(200)),
        Column("payload", Text, nullable=False),
        Column("state", String(20), nullable=False),
        Column("due", UTCDateTime, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("lease_until", UTCDateTime),
        Column("done", Integer, nullable=False),
        Column("of", Integer),
        Column("cancel", Boolean, nullable=False),
        Column("result", Text),
        Column("problem", Text),
        Column("created_at", UTCDateTime, nullable=False),
        Column("finished_at", UTCDateTime),
        Index("ix_jobs_state_due", "state", "due"),
        # At most one live job of a key: a schedule, or "refresh what is being refreshed already".
        Index("uq_jobs_key_live", "key", unique=True, sqlite_where=text(LIVE), postgresql_where=text(LIVE)),
    )


class JobRead(BaseModel):
    """A piece of background work, as its caller may watch it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "019ac3b0-0000-7000-8000-000000000006",
                    "kind": "refresh",
                    "state": "running",
                    "done": 3,
                    "of": 12,
                    "created_at": "2026-11-24T10:00:00Z",
                    "finished_at": None,
                    "result": None,
                    "problem": None,
                }
            ]
        }
    )

    id: UUID
    kind: str
    state: State
    done: int = Field(description="Steps done so far")
    of: int | None = Field(description="Steps in all, where known")
    created_at: datetime
    finished_at: datetime | None
    result: dict[str, Any] | None
    problem: dict[str, Any] | None


def job_read(row: Any) -> JobRead:
    """A row of the table as the answer to its caller."""
    return JobRead(
        id=row.id,
        kind=row.kind,
        state=row.state,
        done=row.done,
        of=row.of,
        created_at=row.created_at,
        finished_at=row.finished_at,
        result=from_json(row.result) if row.result else None,
        problem=from_json(row.problem) if row.problem else None,
    )
