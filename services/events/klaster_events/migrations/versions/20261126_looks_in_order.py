"""looks in order.

Revision: ecc01aa37e46, after 3d5f0a4c71be
"""

from alembic import op

revision = "ecc01aa37e46"
down_revision = "3d5f0a4c71be"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_personal_data_reads_at_id", "personal_data_reads", ["at", "id"], unique=False)
