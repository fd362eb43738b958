"""count without documents.

Revision: f902128ce049, after ee0b24834886
"""

from alembic import op

revision = "f902128ce049"
down_revision = "ee0b24834886"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("entities", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entities_id_listed_until_demonstration", ["id", "listed_until", "demonstration"], unique=False
        )
    if op.get_bind().dialect.name == "postgresql":
        # A value belongs to one aspect: taken for independent, a thousand times fewer rows are expected than there are.
        op.execute("CREATE STATISTICS entity_validities_aspect_value (mcv) ON aspect, value FROM entity_validities")
