"""lines of csv.

Revision: 7c1e5a90d2f4, after f902128ce049

No line is made here: that would hold every entity against a service that is still running. The service makes them in
small portions once it is up, and an export makes those that are missing on its way.
"""

import sqlalchemy as sa
from alembic import op

revision = "7c1e5a90d2f4"
down_revision = "f902128ce049"
branch_labels = None
depends_on = None

WITHOUT_LINE = sa.text("csv_version <> version")


def upgrade() -> None:
    op.add_column("entities", sa.Column("csv_line", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("entities", sa.Column("csv_version", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_entities_without_line",
        "entities",
        ["id"],
        unique=False,
        sqlite_where=WITHOUT_LINE,
        postgresql_where=WITHOUT_LINE,
    )
