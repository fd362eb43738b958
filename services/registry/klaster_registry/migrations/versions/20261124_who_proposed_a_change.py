"""who proposed a change.

Revision: 27ec8764414d, after da8593c91015
"""

import sqlalchemy as sa
from alembic import op

revision = "27ec8764414d"
down_revision = "da8593c91015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("changes", sa.Column("proposed_by", sa.String(length=200), nullable=True))
