"""how the sources of live figures were, and since when."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "e8a4c17d52b6"
down_revision: str | Sequence[str] | None = "c7b3cb4e6d3e"


def upgrade() -> None:
    op.create_table(
        "live_figure_states",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("last_success_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", "since", name=op.f("pk_live_figure_states")),
    )
    op.execute(
        "INSERT INTO live_figure_states (name, since, last_success_at, problem, reason) "
        "SELECT name, last_attempt_at, last_success_at, problem, reason FROM live_figures"
    )
