"""find by subdivision and source key.

Revision: da8593c91015, after 144d5b7890da
"""

from alembic import op

revision = "da8593c91015"
down_revision = "144d5b7890da"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.create_index("ix_entities_source_key", ["source_key"], unique=False)
        batch_op.create_index("ix_entities_subdivision", ["subdivision"], unique=False)
