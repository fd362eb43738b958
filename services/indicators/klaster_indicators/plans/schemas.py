"""Wire shapes of action plans and their items."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field, model_validator

from klaster_indicators.plans.examples import ITEM_CREATE, ITEM_READ, PLAN_CREATE, PLAN_READ, SUMS
from klaster_shared.dates import Day, PartialDate
from klaster_shared.decimals import Number
from klaster_shared.errors import wrong_field
from klaster_shared.labels import LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code, LongText, ShortText

PlanState = Literal["draft", "adopted", "closed"]
ItemState = Literal["planned", "running", "done", "cancelled"]
_YEAR = Field(ge=2006, le=2199, description="2026: from 1 September 2026 to 31 August 2027")
PlanYear = Annotated[int, _YEAR]
SentYear = Annotated[Whole, _YEAR]
Quantity = Annotated[Decimal, Field(ge=0, le=10**15, max_digits=24, decimal_places=6)]
Note = Annotated[LongText, Field(max_length=4000)]


class ActionPlanCreate(BaseModel):
    """A new action plan, a draft."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PLAN_CREATE]})

    year: SentYear
    title: ShortLabel
    edition: Code = Field(description="Code of the edition whose tasks it carries out")
    note: Note | None = None
    demonstration: Truth = False


class ActionPlanUpdate(BaseModel):
    """A change (JSON Merge Patch): draft, then adopted, then closed; a closed plan can be opened again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"state": "adopted"}]})

    title: ShortLabel | MISSING = MISSING
    state: PlanState | MISSING = MISSING
    edition: Code | MISSING = MISSING
    note: Note | MISSING | None = MISSING


class ActionPlanListParameters(PageParameters):
    """Filters of the list of action plans."""

    year: list[PlanYear] = Field([], max_length=50)
    state: list[PlanState] = Field([])
    edition: list[Code] = Field([], max_length=50)
    demonstration: bool | None = None


class ActionPlanRead(BaseModel):
    """An action plan."""

    model_config = ConfigDict(json_schema_extra={"examples": [PLAN_READ]})

    id: UUID
    year: int
    from_: date = Field(alias="from")
    to: date
    title: LabelText
    state: PlanState
    edition: str
    items: int = Field(description="How many items it has")
    note: str | None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class ActionPlanResponsible(BaseModel):
    """Who is responsible: an entity of the registry, a special interest group, or a role in words; no person."""

    model_config = ConfigDict(extra="forbid")

    entity: UUID | None = None
    name: ShortText | None = Field(None, description="The entity's name as it is to be shown")
    sig: Code | None = None
    text: ShortText | None = Field(None, description="A role or an organisation outside the registry")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(one is not None for one in (self.entity, self.sig, self.text)) != 1:
            raise ValueError("name one of `entity`, `sig` and `text`")
        if (self.entity is None) != (self.name is None):
            raise wrong_field("name", "name_of_entity", "An entity comes with its `name`, and a name with its entity")
        return self


class ActionPlanProgress(BaseModel):
    """How much more was done on a day."""

    model_config = ConfigDict(extra="forbid")

    on: Day
    quantity: Annotated[Quantity, Field(gt=0)]
    note: ShortText | None = None


class ActionPlanResource(BaseModel):
    """Something that the item needs."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["money", "people", "place", "equipment", "service", "other"]
    amount: Quantity | None = None
    unit: Code | None = Field(None, description="PLN, FTE, hour ...", examples=["PLN"])
    note: ShortText | None = None

    @model_validator(mode="after")
    def _amount_has_unit(self) -> Self:
        if (self.amount is None) != (self.unit is None):
            raise wrong_field("unit", "amount_has_unit", "An amount comes with its unit, and a unit with its amount")
        return self


Done = Annotated[list[ActionPlanProgress], Field(max_length=400)]
Resources = Annotated[list[ActionPlanResource], Field(max_length=50)]


class ActionPlanItemCreate(BaseModel):
    """A new item of an action plan."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ITEM_CREATE]})

    plan: SentYear
    task: Code = Field(description="Code of a task or service of level D", examples=["D.2.1"])
    title: ShortLabel
    responsible: ActionPlanResponsible | None = None
    from_: Day = Field(alias="from")
    to: Day
    state: ItemState = "planned"
    unit: Code | None = None
    planned: Quantity | None = None
    done: Done = []
    resources: Resources = []
    note: Note | None = None
    demonstration: Truth = False


class ActionPlanItemUpdate(BaseModel):
    """A change (JSON Merge Patch); `done` and `resources` are replaced as a whole."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"state": "done", "done": [{"on": "2026-10-14", "quantity": 12}]}]},
    )

    task: Code | MISSING = MISSING
    title: ShortLabel | MISSING = MISSING
    responsible: ActionPlanResponsible | MISSING | None = MISSING
    from_: Day | MISSING = Field(MISSING, alias="from")
    to: Day | MISSING = MISSING
    state: ItemState | MISSING = MISSING
    unit: Code | MISSING | None = MISSING
    planned: Quantity | MISSING | None = MISSING
    done: Done | MISSING = MISSING
    resources: Resources | MISSING = MISSING
    note: Note | MISSING | None = MISSING


class ActionPlanItemListParameters(PageParameters):
    """Filters of the list of items; one given twice asks for either."""

    as_of: Day | None = Field(None, description="`quantity_done` by the end of this day; today")
    plan: list[PlanYear] = Field([], max_length=50, description="Years of plans")
    task: list[Code] = Field([], max_length=100)
    state: list[ItemState] = Field([])
    entity: list[UUID] = Field([], max_length=100, description="Responsible entities")
    sig: list[Code] = Field([], max_length=50, description="Responsible special interest groups")
    demonstration: bool | None = None


class ActionPlanTask(BaseModel):
    """A task or service of level D, named; without name and path where the edition no longer has it."""

    code: str
    name: LabelText | None
    path: int | None


class ActionPlanResponsibleRead(BaseModel):
    """Who is responsible."""

    entity: UUID | None
    name: str | None
    sig: str | None
    text: str | None


class ActionPlanProgressRead(BaseModel):
    """How much more was done on a day."""

    on: date
    quantity: Number
    note: str | None


class ActionPlanResourceRead(BaseModel):
    """Something that the item needs."""

    kind: str
    amount: Number | None
    unit: str | None
    note: str | None = None


class ActionPlanItemRead(BaseModel):
    """An item of an action plan."""

    model_config = ConfigDict(json_schema_extra={"examples": [ITEM_READ]})

    id: UUID
    plan: int
    task: ActionPlanTask
    title: LabelText
    responsible: ActionPlanResponsibleRead | None
    from_: date = Field(alias="from")
    to: date
    state: ItemState
    unit: str | None
    planned: Number | None
    done: list[ActionPlanProgressRead]
    quantity_done: Number | None = Field(description="What the entries up to the day come to; null without a unit")
    resources: list[ActionPlanResourceRead]
    note: str | None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime


class ActionPlanSumsParameters(BaseModel):
    """What part of the sums is asked for."""

    as_of: PartialDate | None = Field(None, description="Done by the end of this day; today by default")
    task: list[Code] = Field([], max_length=100)
    path: list[Annotated[int, Field(ge=1, le=99)]] = Field([], max_length=20, description="Numbers of paths")


class ActionPlanSum(BaseModel):
    """What the items of one task come to in one unit: a measure of level D."""

    task: ActionPlanTask
    unit: str | None = Field(description="Null: items without a quantity")
    planned: Number | None = Field(description="Cancelled items are not planned")
    done: Number | None
    items: int
    without_quantity: int = Field(description="Items that state a unit and no planned quantity")
    cancelled: int
    demonstration: int = Field(description="How many of the items are demonstration data")


class ActionPlanSums(BaseModel):
    """The measures of level D in one plan; units are never added up across each other."""

    model_config = ConfigDict(json_schema_extra={"examples": [SUMS]})

    plan: int
    edition: str
    as_of: date
    items: list[ActionPlanSum]
    without_items: list[str] = Field(description="Tasks of the edition that the plan does nothing for")
