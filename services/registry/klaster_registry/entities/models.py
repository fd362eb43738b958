"""Tables of entities. What lists, feeds and records answer with is written once, at save, in `document`."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from klaster_registry.database import Base, sort_text
from klaster_registry.periods import BEGINNING, END

_WITHOUT_LINE = text("csv_version <> version")


class Entity(Base, table=True):
    """An organisation. Current values stand here; what holds for a time stands in EntityValidity."""

    __tablename__ = "entities"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("existence IN ('active', 'inactive', 'withdrawn')", name="existence"),
        CheckConstraint(
            "registration IN ('none', 'applied', 'registered', 'rejected', 'left', 'merged')", name="registration"
        ),
        CheckConstraint("registration <> 'registered' OR rbw_number IS NOT NULL", name="registered_has_number"),
        CheckConstraint("(registration = 'merged') = (merged_into IS NOT NULL)", name="merged_names_survivor"),
        # Each order of the list, with the id that settles ties; the commonest filter in front of the commonest order.
        Index("ix_entities_sort_name_id", "sort_name", "id"),
        Index("ix_entities_registration_sort_name_id", "registration", "sort_name", "id"),
        Index("ix_entities_founded_first_id", "founded_first", "id"),
        Index("ix_entities_updated_at_id", "updated_at", "id"),
        Index("ix_entities_created_at_id", "created_at", "id"),
        Index("ix_entities_number_order_id", "number_order", "id"),
        Index("ix_entities_started_first", "started_first", "started_last"),
        Index("ix_entities_city_folded", "city_folded"),
        Index("ix_entities_country_subdivision", "country", "subdivision"),
        Index("ix_entities_subdivision", "subdivision"),
        Index("ix_entities_source_key", "source_key"),
        Index("ix_entities_interest_group", "interest_group"),
        Index("ix_entities_existence", "existence"),
        Index("ix_entities_startup", "startup"),
        Index("ix_entities_demonstration", "demonstration"),
        # All that counting reads of an entity: without it, each figure reads every document of the table.
        Index("ix_entities_id_listed_until_demonstration", "id", "listed_until", "demonstration"),
        # Lines of CSV that are still to be made: as good as none.
        Index("ix_entities_without_line", "id", sqlite_where=_WITHOUT_LINE, postgresql_where=_WITHOUT_LINE),
    )

    id: UUID = Field(primary_key=True)
    rbw_number: int | None = Field(default=None, unique=True)
    number_order: int = Field(description="rbw_number, or a far number where there is none: orders have no nulls")
    name: str = Field(max_length=500)
    sort_name: str = Field(sa_type=sort_text())
    search_text: str = Field(sa_type=Text)
    existence: str = Field(max_length=20)
    registration: str = Field(max_length=20)
    interest_group: str | None = Field(default=None, max_length=60)
    legal_form: str | None = Field(default=None, max_length=200)
    startup: bool
    startup_listed_year: int | None = None
    founded_on: str | None = Field(default=None, max_length=10)
    founded_first: date = Field(description="First day `founded_on` can mean; far in the future where it is not known")
    founded_last: date
    started_first: date = Field(description="As founded_first, but from the year of listing where only that is known")
    started_last: date
    closed_on: str | None = Field(default=None, max_length=10)
    street: str | None = Field(default=None, max_length=500)
    postal_code: str | None = Field(default=None, max_length=20)
    city: str | None = Field(default=None, max_length=500)
    city_folded: str | None = Field(default=None, max_length=500)
    subdivision: str | None = Field(default=None, max_length=6)
    country: str | None = Field(default=None, max_length=2)
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    source: str = Field(max_length=60)
    source_key: str = Field(max_length=200)
    demonstration: bool
    has_conflict: bool = Field(index=True)
    merged_into: UUID | None = Field(default=None, foreign_key="entities.id", index=True)
    listed_until: date = Field(default=END, description="The first day on which it is no record of its own any more")
    document: str = Field(sa_type=Text)
    # Defaults of the database: what a program of before writes has no line, and says so by its version.
    csv_line: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    csv_version: int = Field(
        default=0, sa_column_kwargs={"server_default": "0"}, description="The version that the line was made of"
    )
    version: int
    created_at: datetime
    updated_at: datetime


class EntityName(Base, table=True):
    """A name with its language and role; the first official one is the entity's own."""

    __tablename__ = "entity_names"

    entity_id: UUID = Field(primary_key=True, foreign_key="entities.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    value: str = Field(max_length=500)
    folded: str = Field(sa_type=sort_text(500), index=True)
    lang: str | None = Field(default=None, max_length=3)
    role: str = Field(max_length=20)


class EntityIdentifier(Base, table=True):
    """An identifier that somebody claims for the entity. Two claimants of one are a conflict to look at, no error."""

    __tablename__ = "entity_identifiers"
    __table_args__ = (Index("ix_entity_identifiers_scheme_value", "scheme", "value"),)

    entity_id: UUID = Field(primary_key=True, foreign_key="entities.id", ondelete="CASCADE")
    scheme: str = Field(primary_key=True, max_length=20)
    value: str = Field(primary_key=True, max_length=100)
    position: int
    verdict: str = Field(max_length=20)
    reason: str | None = Field(default=None, max_length=40)
    source: str = Field(max_length=60)
    checked_at: datetime


class EntityLink(Base, table=True):
    """An address on the web."""

    __tablename__ = "entity_links"

    entity_id: UUID = Field(primary_key=True, foreign_key="entities.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    type: str = Field(max_length=40)
    url: str = Field(max_length=2000)


class EntityField(Base, table=True):
    """A life-science field the entity works in."""

    __tablename__ = "entity_fields"
    __table_args__ = (Index("ix_entity_fields_field", "field", "entity_id"),)

    entity_id: UUID = Field(primary_key=True, foreign_key="entities.id", ondelete="CASCADE")
    field: str = Field(primary_key=True, max_length=60)


class EntitySector(Base, table=True):
    """A branch of the economy the entity works in, as statistics classify it."""

    __tablename__ = "entity_sectors"
    __table_args__ = (Index("ix_entity_sectors_sector", "sector", "entity_id"),)

    entity_id: UUID = Field(primary_key=True, foreign_key="entities.id", ondelete="CASCADE")
    sector: str = Field(primary_key=True, max_length=60)


class EntityBranch(Base, table=True):
    """A place of the organisation beside its seat, and when it was there."""

    __tablename__ = "entity_branches"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_until", name="in_order"),
        Index("ix_entity_branches_country", "country", "valid_from", "valid_until", "entity_id"),
    )

    entity_id: UUID = Field(primary_key=True, foreign_key="entities.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    kind: str = Field(max_length=20, description="branch or subsidiary")
    name: str | None = Field(default=None, max_length=500)
    street: str | None = Field(default=None, max_length=500)
    postal_code: str | None = Field(default=None, max_length=20)
    city: str | None = Field(default=None, max_length=500)
    subdivision: str | None = Field(default=None, max_length=6)
    country: str | None = Field(default=None, max_length=2)
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    abroad: bool = Field(description="In another country than the seat")
    valid_from: date = Field(default=BEGINNING)
    valid_until: date = Field(default=END)


class EntityRelation(Base, table=True):
    """A relation as its source states it: the other side may lie outside the register, so it is kept with its label."""

    __tablename__ = "entity_relations"
    __table_args__ = (Index("ix_entity_relations_scheme_value", "scheme", "value", "kind"),)

    entity_id: UUID = Field(primary_key=True, foreign_key="entities.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    kind: str = Field(max_length=20)
    label: str = Field(max_length=500)
    scheme: str | None = Field(default=None, max_length=20)
    value: str | None = Field(default=None, max_length=100)
    target_id: UUID | None = Field(default=None, foreign_key="entities.id", ondelete="SET NULL", index=True)


class EntityValidity(Base, table=True):
    """What held from when until when: one table answers every `as_of`."""

    __tablename__ = "entity_validities"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_until", name="in_order"),
        Index("ix_entity_validities_entity_id_aspect", "entity_id", "aspect"),
        Index(
            "ix_entity_validities_aspect_value_valid_from",
            "aspect",
            "value",
            "valid_from",
            "valid_until",
            "entity_id",
        ),
    )

    id: UUID = Field(primary_key=True)
    entity_id: UUID = Field(foreign_key="entities.id", ondelete="CASCADE")
    aspect: str = Field(
        max_length=20,
        description="registration, cooperation, partnership, interest_group, market, kind, digital_audit, group...",
    )
    value: str = Field(max_length=60)
    valid_from: date = Field(default=BEGINNING)
    valid_until: date = Field(default=END)
    note: str | None = Field(default=None, max_length=500)


class RbwCounter(Base, table=True):
    """The next number of the register: it only ever rises, so that a number is never given twice."""

    __tablename__ = "rbw_counter"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(primary_key=True)
    next_number: int
