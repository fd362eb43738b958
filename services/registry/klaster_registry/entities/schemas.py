"""Wire shapes of entities."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import MISSING, AfterValidator, BaseModel, ConfigDict, Field, model_validator

from klaster_registry.entities import examples
from klaster_registry.entities.identifiers import MAX_LENGTH, Verdict, is_scheme
from klaster_registry.entities.registration import Registration
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_shared.dates import Day, PartialDate, earliest, latest
from klaster_shared.errors import wrong_field
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Real, Truth, Whole
from klaster_shared.texts import Code, Country, LanguageCode, ShortText, Subdivision, WebAddress

Existence = Literal["active", "inactive", "withdrawn"]
NameRole = Literal["official", "short", "alias", "acronym", "former"]
RelationIssue = Literal["self_relation", "parent_cycle"]
BranchKind = Literal["branch", "subsidiary"]
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


class SeatIn(Part):
    """Where the organisation has its seat."""

    street: ShortText | None = None
    postal_code: Annotated[ShortText, Field(max_length=20)] | None = None
    city: ShortText | None = None
    subdivision: Subdivision | None = None
    country: Country | None = None
    latitude: Real | None = Field(None, ge=-90, le=90)
    longitude: Real | None = Field(None, ge=-180, le=180)
    geonames_id: Whole | None = Field(None, ge=1, le=2**31 - 1)

    @model_validator(mode="after")
    def _one_country(self) -> Self:
        if self.country and self.subdivision and not self.subdivision.startswith(self.country):
            raise wrong_field("subdivision", "other_country", "The subdivision lies in another country")
        return self


class BranchIn(SeatIn, PeriodIn):
    """A place beside the seat, and when the organisation was there."""

    kind: BranchKind = "branch"
    name: ShortText | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if self.city is None and self.country is None:
            raise wrong_field("city", "missing", "Say where it is: a town, or at least a country")
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


class RelationListParameters(PageParameters):
    """Which relations of an entity."""

    direction: Literal["out", "in"] = Field(
        "out", description="`out`: what its own record says of others; `in`: what the records of others say of it"
    )


class StepIn(Part):
    """A step in the life of an entity."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STEP]})

    on: Day | None = Field(None, description="The day it holds from; today where left out")
    note: ShortText | None = Field(None, description="For the office alone: no part of the public record")


class RejectionIn(StepIn):
    """A rejection says why; the office alone reads it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.REJECTION]})

    note: ShortText


class StayIn(PeriodIn):
    """A period of cooperation or partnership: it begins on a day that is known."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STAY]})

    from_: Day = Field(alias="from")


class EndIn(Part):
    """The end of what is open."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.END_OF_STAY]})

    on: Day | None = Field(None, description="The last day; today where left out")


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


class RelatedRead(BaseModel):
    """A relation as its entity sees it, with the other side where it stands in this register."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RELATED_READ]})

    kind: RelationKind
    direction: Literal["out", "in"]
    label: str
    scheme: str | None
    value: str | None
    entity: OwnerRead | None
    flags: list[str] = Field(description="outside (not in this register), self_relation, parent_cycle")


class SeatRead(BaseModel):
    street: str | None
    postal_code: str | None
    city: str | None
    subdivision: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    geonames_id: int | None


class BranchRead(SeatRead, PeriodRead):
    """A place beside the seat."""

    kind: BranchKind
    name: str | None
    abroad: bool = Field(description="In another country than the seat")


class CodePeriodRead(PeriodRead):
    code: str


class AuditRead(BaseModel):
    kind: str
    on: date


class RegistrationPeriodRead(PeriodRead):
    state: Registration


class NotedRegistrationRead(RegistrationPeriodRead):
    """A state in the register with what the office noted about it: free text, for the office alone."""

    note: str | None


class NotedRegistrationsRead(BaseModel):
    """The whole life of an entity in the register."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.NOTED_REGISTRATIONS]})

    items: list[NotedRegistrationRead]


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
