"""scans and certificates.

Revision: 6c1f0d7a42e9, after bb6f459b86c1
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "6c1f0d7a42e9"
down_revision = "bb6f459b86c1"
branch_labels = None
depends_on = None

_OF_SESSION = "fk_checkin_lists_session_id_agenda_sessions"
_COUNTERS = "inside >= 0 AND entered >= inside"


def upgrade() -> None:
    op.create_table(
        "certificate_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_certificate_counters")),
    )
    op.create_table(
        "revoked_codes",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_revoked_codes_registration_id_registrations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_revoked_codes")),
    )
    with op.batch_alter_table("revoked_codes", schema=None) as batch_op:
        batch_op.create_index("ix_revoked_codes_registration_id", ["registration_id"], unique=False)

    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_sheet", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("scanned", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("certificate_minutes", sa.Integer(), nullable=True))
    # Whatever stands there was said by a sheet.
    op.execute("UPDATE attendance SET on_sheet = present")

    with op.batch_alter_table("checkin_lists", schema=None) as batch_op:
        for name in ("entered", "inside"):
            batch_op.add_column(sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False))
        for name in ("opens_at", "closes_at"):
            batch_op.alter_column(name, existing_type=sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        batch_op.create_check_constraint(op.f("ck_checkin_lists_counters"), _COUNTERS)
        batch_op.drop_constraint(op.f(_OF_SESSION), type_="foreignkey")
        batch_op.create_foreign_key(op.f(_OF_SESSION), "agenda_sessions", ["session_id"], ["id"], ondelete="SET NULL")

    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "payload", sqlmodel.sql.sqltypes.AutoString(length=64), server_default=sa.text("''"), nullable=False
            )
        )
