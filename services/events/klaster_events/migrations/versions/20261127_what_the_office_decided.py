"""what the office decided of what was proposed to the registry.

Revision: 5d0e8a61c7f4, after 3f1c7b9d20ae
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "5d0e8a61c7f4"
down_revision = "3f1c7b9d20ae"
branch_labels = None
depends_on = None

# The check is exchanged for one that allows all that it allowed; the release before does not know the table.
CONTRACTS = "it only widens: no release has written the table yet"
_STATES = "state IN ('waiting', 'sent', 'refused', 'accepted', 'rejected', 'withdrawn')"


def upgrade() -> None:
    with op.batch_alter_table("outgoing_proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("decided_at", UTCDateTime(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_outgoing_proposals_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_outgoing_proposals_state"), _STATES)
