"""periods that ran once are found by an index too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b31f6a90d7e4"
down_revision: str | Sequence[str] | None = "7d1e0b5c94a2"

_INCOMPLETE = sa.text("NOT complete")


def upgrade() -> None:
    op.create_index(
        "ix_observations_incomplete",
        "observations",
        ["ends_on"],
        unique=False,
        sqlite_where=_INCOMPLETE,
        postgresql_where=_INCOMPLETE,
    )
