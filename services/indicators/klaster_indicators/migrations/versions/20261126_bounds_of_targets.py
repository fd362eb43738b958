"""what counts as meeting a target."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "b1d94e02c7a5"
down_revision: str | Sequence[str] | None = "c11dd075fc7a"


def upgrade() -> None:
    op.add_column("targets", sa.Column("bound", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True))
