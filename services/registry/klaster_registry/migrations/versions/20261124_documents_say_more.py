"""documents say more: sectors, branches, advisory bodies, whom a relation is linked to.

Revision: b7d2f4a9c310, after 8a42c7d91e05
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from pydantic_core import from_json, to_json

revision = "b7d2f4a9c310"
down_revision = "8a42c7d91e05"
branch_labels = None
depends_on = None

ENTITIES = sa.table("entities", sa.column("id", sa.Uuid()), sa.column("document", sa.Text()))
CHUNK = 500


def upgrade() -> None:
    connection, last = op.get_bind(), None
    while True:
        rows = connection.execute(_chunk_after(last)).all()
        if not rows:
            return
        for entity_id, document in rows:
            statement = ENTITIES.update().where(ENTITIES.c.id == entity_id)
            connection.execute(statement.values(document=_completed(document)))
        last = rows[-1][0]


def _chunk_after(last: object) -> sa.Select[Any]:
    statement = sa.select(ENTITIES.c.id, ENTITIES.c.document).order_by(ENTITIES.c.id).limit(CHUNK)
    return statement if last is None else statement.where(ENTITIES.c.id > last)


def _completed(document: str) -> str:
    found = from_json(document)
    for name in ("sectors", "branches", "advisory_bodies"):
        found.setdefault(name, [])
    for relation in found["relations"]:
        relation.setdefault("entity", None)
    return to_json(found).decode()
