"""Wire shapes of projects."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import MISSING, AfterValidator, BaseModel, ConfigDict, Field, model_validator

from klaster_registry.entities.schemas import EntityReference, OwnerRead, SourceCode, Year
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_registry.projects.examples import PROJECT_CREATE, PROJECT_READ, PROJECT_UPDATE
from klaster_shared.dates import Day
from klaster_shared.decimals import Number
from klaster_shared.errors import wrong_field
from klaster_shared.labels import LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code, Country, Currency, ShortText, WebAddress

State = Literal["planned", "running", "finished", "cancelled"]
Role = Literal["coordinator", "partner"]
Doubt = Literal["before_founded"]
Amount = Annotated[Decimal, Field(ge=0, le=10**13, decimal_places=2)]


class Part(BaseModel):
    """A part of a project: nothing that is not named here."""

    model_config = ConfigDict(extra="forbid")


class PartnerIn(PeriodIn):
    """Who takes part, named in one of three ways; `from` and `to` where it was not the whole time."""

    entity: EntityReference | None = Field(None, description="An organisation of the register")
    foreign_hq: UUID | None = Field(None, description="An organisation abroad of the register")
    name: ShortText | None = Field(None, description="One that the register does not know")
    country: Country | None = Field(None, description="Of one that is only named")
    role: Role = "partner"

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if sum(said is not None for said in (self.entity, self.foreign_hq, self.name)) != 1:
            raise wrong_field("name", "one_of", "Name the partner by exactly one of entity, foreign_hq, name")
        if self.country and not self.name:
            raise wrong_field("country", "one_of", "The country of a record is its own; state it beside a name only")
        return self


class ValueIn(Part):
    """What a project is worth. Another currency is never converted here: state the amount in PLN, and by which rate."""

    amount: Amount
    currency: Currency
    amount_pln: Amount | None = Field(None, description="Needs `pln_rate_source`; the amount itself where it is in PLN")
    pln_rate_source: ShortText | None = Field(None, description="Whose rate, and of which day")

    @model_validator(mode="after")
    def _never_converted_silently(self) -> Self:
        if self.currency == "PLN" and self.amount_pln not in (None, self.amount):
            raise wrong_field("amount_pln", "two_amounts", "An amount in PLN is that amount in PLN")
        if self.currency != "PLN" and (self.amount_pln is None) != (self.pln_rate_source is None):
            lacking = "pln_rate_source" if self.pln_rate_source is None else "amount_pln"
            raise wrong_field(lacking, "rate", "An amount in PLN and the source of its rate go together")
        return self


class ResultIn(Part):
    """What came of it."""

    title: ShortLabel
    year: Year
    url: WebAddress | None = None


class OriginIn(Part):
    """What the project grew out of."""

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,59}$", examples=["meeting"])]
    url: (
        Annotated[str, Field(pattern=r"^(/v1/|https?://)\S+$", max_length=500, examples=["/v1/lsos/meetings"])] | None
    ) = None
    note: ShortText | None = None


def _one_coordinator(partners: list[PartnerIn]) -> list[PartnerIn]:
    leading = [one.period() for one in partners if one.role == "coordinator"]
    if any(one.overlaps(other) for at, one in enumerate(leading) for other in leading[:at]):
        raise ValueError("a project has one coordinator at a time")
    return partners


Kinds = Annotated[list[Code], Field(max_length=20, description="Codes of /v1/project-kinds")]
Fields = Annotated[list[Code], Field(max_length=50)]
Partners = Annotated[list[PartnerIn], AfterValidator(_one_coordinator), Field(max_length=200)]
Results = Annotated[list[ResultIn], Field(max_length=200)]


class ProjectCreate(Part):
    """A new project or consortium."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PROJECT_CREATE]})

    title: ShortLabel
    acronym: ShortText | None = None
    kinds: Kinds = []
    group: Code | None = Field(None, description="Its special interest group")
    partners: Partners = []
    starts_on: Day | None = Field(None, description="Null: not known yet, it is planned")
    ends_on: Day | None = Field(None, description="The last day; null: open, or not known")
    cancelled_on: Day | None = Field(None, description="The first day on which it ran no more")
    value: ValueIn | None = None
    results: Results = []
    fields: Fields = []
    origin: OriginIn | None = None
    note: ShortText | None = None
    source: SourceCode = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = None
    demonstration: Truth = False


class ProjectUpdate(Part):
    """A change (JSON Merge Patch): lists are replaced as a whole."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PROJECT_UPDATE]})

    title: ShortLabel | MISSING = MISSING
    acronym: ShortText | MISSING | None = MISSING
    kinds: Kinds | MISSING = MISSING
    group: Code | MISSING | None = MISSING
    partners: Partners | MISSING = MISSING
    starts_on: Day | MISSING | None = MISSING
    ends_on: Day | MISSING | None = MISSING
    cancelled_on: Day | MISSING | None = MISSING
    value: ValueIn | MISSING | None = MISSING
    results: Results | MISSING = MISSING
    fields: Fields | MISSING = MISSING
    origin: OriginIn | MISSING | None = MISSING
    note: ShortText | MISSING | None = MISSING


class ProjectListParameters(PageParameters):
    """Filters of the list of projects."""

    q: str | None = Field(None, max_length=200, description="Words in title or acronym; accents do not matter")
    as_of: Day | None = Field(None, description="The day that state and partners are asked for; today")
    state: list[State] = Field([], description="Its state on that day")
    running: bool | None = Field(None, description="Running on that day")
    running_from: Day | None = Field(None, description="Running on a day from this one on")
    running_to: Day | None = Field(None, description="Running on a day up to this one")
    started_from: Day | None = Field(None, description="Started on or after")
    started_to: Day | None = Field(None, description="Started on or before")
    kind: list[Code] = Field([], max_length=50)
    international: bool | None = Field(None, description="Of a kind flagged `international`")
    rdi: bool | None = Field(None, description="Of a kind flagged `rdi`: research, development and innovation")
    consortium: bool | None = Field(None, description="Of a kind flagged `consortium`")
    group: list[Code] = Field([], max_length=50, description="Of one of these special interest groups")
    in_group: bool | None = Field(None, description="Of any special interest group")
    entity: list[UUID] = Field([], max_length=500, description="Takes part: on that day where one is asked for")
    foreign_partner: bool | None = Field(None, description="Somebody from another country than `home` takes part")
    home: Country = Field("PL", description="The country that `foreign_partner` looks abroad from")
    field: list[Code] = Field([], max_length=50)
    with_value: bool | None = Field(None, description="Its value in PLN is stated")
    doubtful: bool | None = Field(None, description="What its source says of a partner cannot be right: see `doubt`")
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class ForeignRead(BaseModel):
    """An organisation abroad, named."""

    id: UUID
    name: str
    country: str


class PartnerRead(PeriodRead):
    """Who takes part, and when; one of `entity`, `foreign_hq` and `name` says who."""

    entity: OwnerRead | None
    foreign_hq: ForeignRead | None
    name: str | None
    country: str | None
    role: Role
    doubt: Doubt | None = Field(description="Why what its source says cannot be right; never set by the office")


class ValueRead(BaseModel):
    amount: Number
    currency: str
    amount_pln: Number | None = Field(description="Null: not stated, and never reckoned here")
    pln_rate_source: str | None


class ResultRead(BaseModel):
    title: LabelText
    year: int
    url: str | None


class OriginRead(BaseModel):
    kind: str
    url: str | None
    note: str | None


class ProjectRead(BaseModel):
    """A project or consortium."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROJECT_READ]})

    id: UUID
    title: LabelText
    acronym: str | None
    kinds: list[str]
    group: str | None
    state: State = Field(description="On the day asked for")
    partners: list[PartnerRead]
    starts_on: date | None
    ends_on: date | None
    cancelled_on: date | None
    value: ValueRead | None
    results: list[ResultRead]
    fields: list[str]
    origin: OriginRead | None
    note: str | None
    source: str
    source_key: str
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
