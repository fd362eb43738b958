"""who proposed a change.

Revision: 4a7e7e3a524d, after 47f0b814a4be
"""

import sqlalchemy as sa
from alembic import op

revision = "4a7e7e3a524d"
down_revision = "47f0b814a4be"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("changes", sa.Column("proposed_by", sa.String(length=200), nullable=True))
