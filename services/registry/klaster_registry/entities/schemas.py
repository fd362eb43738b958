"""Wire shapes of entities."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import MISSING, AfterValidator, BaseModel, ConfigDict, Field, model_validator

from klaster_registry.entities import examples
from klaster_registry.entities.identifiers import MAX_LENGTH, Verdict, is_scheme
from klaster_registry.entities.places.schemas import BranchIn, BranchRead, SeatIn, SeatRead
from klaster_registry.entities.registration import Registration
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_shared.dates import Day, PartialDate, earliest, latest
from klaster_shared.errors import wrong_field
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code, LanguageCode, ShortText, WebAddress

Existence = Literal["active", "inactive", "withdrawn"]
NameRole = Literal["official", "short", "alias", "acronym", "former"]
RelationKind = Literal["related", "parent", "child", "successor", "predecessor", "branch"]


def _known_scheme(scheme: str) -> str:
    if not is_scheme(scheme):
        raise ValueError("a scheme is a lower-case word such as nip, regon, krs, lei, ror, isni, wikidata, eu_vat")
    return scheme


Scheme = Annotated[str, AfterValidator(_known_scheme), Field(max_length=20, examples=["nip"])]
Year = Annotated[Whole, Field(ge=1900, le=2200)]
SourceCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$", examples=["ror"])]
EntityReference = Annotated[
    str, Field(max_length=140, description="Its id, its RBW number, or `scheme:value`", examples=["RBW-000073"])
]


class Part(BaseModel):
    """A part of a record: nothing that is not named here."""

    model_config = ConfigDict(extra="forbid")


class NameIn(Part):
    """A name; the first official one is the one that lists show."""

    value: ShortText
    lang: LanguageCode | None = None
    role: NameRole = "official"


class IdentifierIn(Part):
    """An identifier that somebody else gave."""

    scheme: Scheme
    value: Annotated[ShortText, Field(max_length=MAX_LENGTH)]
    source: SourceCode | None = Field(None, description="Who says so; the record's own source where left out")


class LinkIn(Part):
    """An address on the web."""

    type: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")] = "website"
    url: WebAddress


class RelationIn(Part):
    """A relation: `parent` says that the other one is this one's parent.

    The other side is an entity here, or what a source says of it: a label, and an identifier where it gives one.
    """

    kind: RelationKind
    label: ShortText | None = Field(None, description="What the source calls it; the entity's name where left out")
    scheme: Scheme | None = None
    value: Annotated[ShortText, Field(max_length=MAX_LENGTH)] | None = None
    entity: EntityReference | None = Field(None, description="The other side, where it stands in this register")

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if self.entity is None and self.label is None:
            raise wrong_field("label", "missing", "Say who the other side is: by `entity` or by `label`")
        return self


class CodePeriodIn(PeriodIn):
    """A code, and when it holds."""

    code: Code


class AuditIn(Part):
    """A digital audit or a roadmap of digitisation, and its date."""

    kind: Literal["audit", "roadmap"] = "audit"
    on: Day


Names = Annotated[list[NameIn], Field(min_length=1, max_length=100)]
Branches = Annotated[list[BranchIn], Field(max_length=200)]
CodePeriods = Annotated[list[CodePeriodIn], Field(max_length=100)]


def _check_life(founded: str | None, closed: str | None) -> None:
    if founded and closed and latest(closed) < earliest(founded):
        raise wrong_field("closed_on", "dates", "Closed before it was founded")


class EntityCreate(Part):
    """A new organisation. It is in no register yet: `registration` begins with `none`."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ENTITY_CREATE]})

    names: Names
    existence: Existence = "active"
    interest_group: Code | None = None
    fields: Annotated[list[Code], Field(max_length=50)] = []
    sectors: Annotated[list[Code], Field(max_length=50, description="PKD or NACE codes")] = []
    legal_form: ShortText | None = None
    startup: Truth = False
    startup_listed_year: Year | None = Field(None, description="The year a source lists it under as a startup")
    founded_on: PartialDate | None = None
    closed_on: PartialDate | None = None
    seat: SeatIn | None = None
    branches: Branches = []
    links: Annotated[list[LinkIn], Field(max_length=50)] = []
    identifiers: Annotated[list[IdentifierIn], Field(max_length=100)] = []
    relations: Annotated[list[RelationIn], Field(max_length=500)] = []
    kinds: CodePeriods = []
    markets: CodePeriods = []
    digital_audits: Annotated[list[AuditIn], Field(max_length=50)] = []
    source: SourceCode = Field("office", description="Where the record comes from")
    source_key: Annotated[ShortText, Field(max_length=200)] | None = Field(
        None, description="Its key there; unique together with the source. Its id where left out"
    )
    demonstration: Truth = Field(False, description="Marks demonstration data: figures say how much of it they rest on")

    @model_validator(mode="after")
    def _closed_after_founded(self) -> Self:
        _check_life(self.founded_on, self.closed_on)
        return self


class EntityUpdate(Part):
    """A change (JSON Merge Patch): lists are replaced as a whole, null empties what may be empty."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ENTITY_UPDATE]})

    names: Names | MISSING = MISSING
    existence: Existence | MISSING = MISSING
    interest_group: Code | MISSING | None = MISSING
    fields: Annotated[list[Code], Field(max_length=50)] | MISSING = MISSING
    sectors: Annotated[list[Code], Field(max_length=50)] | MISSING = MISSING
    legal_form: ShortText | MISSING | None = MISSING
    startup: Truth | MISSING = MISSING
    startup_listed_year: Year | MISSING | None = MISSING
    founded_on: PartialDate | MISSING | None = MISSING
    closed_on: PartialDate | MISSING | None = MISSING
    seat: SeatIn | MISSING | None = MISSING
    branches: Branches | MISSING = MISSING
    links: Annotated[list[LinkIn], Field(max_length=50)] | MISSING = MISSING
    identifiers: Annotated[list[IdentifierIn], Field(max_length=100)] | MISSING = MISSING
    relations: Annotated[list[RelationIn], Field(max_length=500)] | MISSING = MISSING
    kinds: CodePeriods | MISSING = MISSING
    markets: CodePeriods | MISSING = MISSING
    digital_audits: Annotated[list[AuditIn], Field(max_length=50)] | MISSING = MISSING


class NameRead(BaseModel):
    value: str
    lang: str | None
    role: NameRole


class IdentifierRead(BaseModel):
    """An identifier with what was found about it."""

    scheme: str
    value: str
    verdict: Verdict
    reason: str | None = Field(description="Why it is not valid: length, checksum, format, component, no_rule")
    source: str
    checked_at: datetime
    conflict: bool = Field(description="Another entity claims the same identifier")


class LinkRead(BaseModel):
    type: str
    url: str


class RelationRead(BaseModel):
    kind: RelationKind
    label: str
    scheme: str | None
    value: str | None
    entity: UUID | None = Field(description="The other side, where the office linked it")


class OwnerRead(BaseModel):
    """An entity, named."""

    id: UUID
    name: str


class CodePeriodRead(PeriodRead):
    code: str


class AuditRead(BaseModel):
    kind: str
    on: date


class RegistrationPeriodRead(PeriodRead):
    state: Registration


class EntityRead(BaseModel):
    """An organisation as the register knows it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ENTITY_READ]})

    id: UUID
    rbw_number: str | None = Field(examples=["RBW-000073"])
    name: str = Field(description="Its first official name")
    names: list[NameRead]
    existence: Existence = Field(description="The source's word")
    registration: Registration = Field(description="The register's own word, today")
    interest_group: str | None
    fields: list[str]
    sectors: list[str] = Field(description="PKD or NACE codes")
    legal_form: str | None
    startup: bool
    startup_listed_year: int | None
    founded_on: str | None
    closed_on: str | None
    seat: SeatRead | None
    branches: list[BranchRead]
    links: list[LinkRead]
    identifiers: list[IdentifierRead]
    relations: list[RelationRead]
    kinds: list[CodePeriodRead]
    markets: list[CodePeriodRead]
    digital_audits: list[AuditRead]
    registrations: list[RegistrationPeriodRead] = Field(description="Its life in the register")
    interest_groups: list[CodePeriodRead] = Field(description="The groups it belonged to, and when")
    groups: list[CodePeriodRead] = Field(description="Special interest groups")
    networks: list[CodePeriodRead]
    advisory_bodies: list[CodePeriodRead]
    cooperations: list[PeriodRead]
    partnerships: list[PeriodRead]
    source: str
    source_key: str
    demonstration: bool
    merged_into: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime
