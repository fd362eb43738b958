"""when an event was announced.

Revision: 3d5f0a4c71be, after 6c1f0d7a42e9
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "3d5f0a4c71be"
down_revision = "6c1f0d7a42e9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("published_at", UTCDateTime(), nullable=True))
        batch_op.create_index("ix_events_published_at_id", ["published_at", "id"], unique=False)
    # Of what is completed nobody wrote down whether it had been announced: it is no news in any case.
    table = sa.table("events", sa.column("published_at"), sa.column("created_at"), sa.column("state"))
    announced = table.c.state.in_(["published", "cancelled"])
    op.get_bind().execute(sa.update(table).where(announced).values(published_at=table.c.created_at))
