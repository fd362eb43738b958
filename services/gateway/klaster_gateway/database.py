"""The gateway's own metadata and base class; sessions come from the shared toolbox."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from klaster_shared.changes import ChangeLog
from klaster_shared.database import Database, service_metadata
from klaster_shared.following import cursors_table
from klaster_shared.idempotency import idempotency_table
from klaster_shared.job_table import jobs_table

METADATA = service_metadata()
CHANGE_LOG = ChangeLog(METADATA)
idempotency_table(METADATA)
jobs_table(METADATA)
cursors_table(METADATA)


class Base(SQLModel, registry=registry(metadata=METADATA)):
    """Base of the gateway's tables."""


def open_database(url: str) -> Database:
    """The gateway's database, with its change log."""
    return Database(url, before_commit=CHANGE_LOG)
