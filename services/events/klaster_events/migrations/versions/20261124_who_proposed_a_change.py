"""who proposed a change.

Revision: 51fb94e9917b, after a060b4467e21
"""

import sqlalchemy as sa
from alembic import op

revision = "51fb94e9917b"
down_revision = "a060b4467e21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("changes", sa.Column("proposed_by", sa.String(length=200), nullable=True))
