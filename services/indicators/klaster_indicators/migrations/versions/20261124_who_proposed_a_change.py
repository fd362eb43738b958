"""who proposed a change."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c4cab05ebc7c"
down_revision: str | Sequence[str] | None = "22c98241e95a"


def upgrade() -> None:
    op.add_column("changes", sa.Column("proposed_by", sa.String(length=200), nullable=True))
