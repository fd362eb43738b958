"""positions in feeds."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "a9c02e7714fd"
down_revision: str | Sequence[str] | None = "f3a85b20c6d1"


def upgrade() -> None:
    op.create_table(
        "feed_cursors",
        sa.Column("feed", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_feed_cursors")),
    )
