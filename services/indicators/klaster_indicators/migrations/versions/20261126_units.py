"""units, begun with those that measures, observations and plans are counted in."""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from klaster_shared.identifiers import new_id

revision: str = "f3a85b20c6d1"
down_revision: str | Sequence[str] | None = "d40c7f1a96be"

_UNITS = (
    ("EUR", "EUR", "EUR"),
    ("FTE", "etaty", "full-time posts"),
    ("PLN", "PLN", "PLN"),
    ("body", "ciała doradcze", "bodies"),
    ("cluster", "klastry", "clusters"),
    ("consortium", "konsorcja", "consortia"),
    ("deal", "transakcje", "deals"),
    ("entity", "podmioty", "entities"),
    ("event", "wydarzenia", "events"),
    ("fund", "fundusze", "funds"),
    ("hour", "godziny", "hours"),
    ("issue", "numery", "issues"),
    ("job", "miejsca pracy", "jobs"),
    ("lab", "laboratoria", "laboratories"),
    ("m2", "m²", "m²"),
    ("network", "sieci", "networks"),
    ("offer", "oferty", "offers"),
    ("offering", "oferty publiczne", "offerings"),
    ("percent", "%", "%"),
    ("person", "osoby", "persons"),
    ("programme", "programy", "programmes"),
    ("project", "projekty", "projects"),
    ("report", "raporty", "reports"),
    ("repository", "repozytoria", "repositories"),
    ("service", "usługi", "services"),
    ("tCO2e", "t CO₂e", "t CO₂e"),
    ("unspecified", "jednostka nieokreślona", "unit not stated"),
)


def upgrade() -> None:
    units = op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name_pl", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
    )
    now = datetime.now(UTC)
    known = {code: (pl, en) for code, pl, en in _UNITS}
    for code in _in_use():
        known.setdefault(code, (code, code))
    stamps = {"retired": False, "version": 1, "created_at": now, "updated_at": now}
    op.bulk_insert(
        units,
        [{"id": new_id(), "code": code, "name_pl": pl, "name_en": en, **stamps} for code, (pl, en) in known.items()],
    )


def _in_use() -> Sequence[str]:
    """What is counted in already under a code that is not among them: it goes by its code until somebody names it."""
    asked = (
        "SELECT unit FROM measure_definitions UNION SELECT unit FROM observations "
        "UNION SELECT unit FROM action_plan_items WHERE unit IS NOT NULL"
    )
    return [row[0] for row in op.get_bind().execute(sa.text(asked))]
