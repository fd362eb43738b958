"""consent to be named on the board has words of its own, and its contacts a language.

Revision: 3f1c7b9d20ae, after 3fe49242f08a
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "3f1c7b9d20ae"
down_revision = "3fe49242f08a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consent_texts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("occasion", AutoString(length=20), server_default="registration", nullable=False))
        batch_op.create_check_constraint(op.f("ck_consent_texts_occasion"), "occasion IN ('registration', 'interest')")
    for table in ("board_posts", "interests"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("contact_language", AutoString(length=2), server_default="pl", nullable=False)
            )
