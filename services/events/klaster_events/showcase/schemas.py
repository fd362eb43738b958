"""Wire shapes of results on show."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field, model_validator

from klaster_events.entities.schemas import EntityName
from klaster_events.people.schemas import AttendeeRead, PersonGiven
from klaster_shared.dates import Day
from klaster_shared.errors import wrong_field
from klaster_shared.labels import Label, LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import LongText, ShortText, WebAddress

ResultState = Literal["draft", "published", "withdrawn"]
_TITLE: dict[str, Any] = {"pl": "Elektrody z grafenu", "en": "Graphene electrodes"}
_TEXT: dict[str, Any] = {"pl": "Elektrody, które nie drażnią skóry.", "en": "Electrodes that do not irritate the skin."}
_LINK: dict[str, Any] = {"url": "https://example.org/grafen", "label": {"pl": "Opis", "en": "Description"}}
_PERSON: dict[str, Any] = {"name": "Ada Przykładowa", "email": "ada@example.org"}
_NEW: dict[str, Any] = {
    "entity": "01900000-0000-7000-8000-000000000002",
    "project": "0190163d-8694-739b-aea5-966c26f8ad92",
    "contact": _PERSON,
    "title": _TITLE,
    "text": _TEXT,
    "links": [_LINK],
    "shown_from": "2026-12-01",
    "shown_until": "2027-12-31",
    "state": "published",
}
_RESULT: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-00000000000a",
    "entity": {"id": "01900000-0000-7000-8000-000000000002", "name": "Cardiomatics"},
    "project": {
        "id": "0190163d-8694-739b-aea5-966c26f8ad92",
        "path": "/v1/projects/0190163d-8694-739b-aea5-966c26f8ad92",
    },
    "title": _TITLE["en"],
    "text": _TEXT["en"],
    "links": [{**_LINK, "label": "Description"}],
    "state": "published",
    "on_show": True,
    "shown_from": "2026-11-01",
    "shown_until": "2027-12-31",
    "views": 120,
    "contacts": 3,
    "demonstration": False,
    "source": "office",
    "source_key": "01930000-0000-7000-8000-00000000000a",
    "version": 2,
    "created_at": "2026-11-01T09:00:00Z",
    "updated_at": "2026-11-01T10:00:00Z",
}


class ShowcaseLinkIn(BaseModel):
    """Where there is more."""

    model_config = ConfigDict(extra="forbid")

    url: WebAddress
    label: ShortLabel


Links = Annotated[list[ShowcaseLinkIn], Field(max_length=20)]


class ShowcaseCreate(BaseModel):
    """A result to be promoted."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_NEW]})

    entity: UUID | None = Field(None, description="Who promotes it; a partner's own entity where left out")
    project: UUID = Field(description="The project of the registry that it came of")
    contact: PersonGiven = Field(description="Whom to speak to; shown to whoever asked for it")
    title: ShortLabel
    text: Label
    links: Links = []
    shown_from: Day | None = Field(None, description="The first day; today where left out")
    shown_until: Day | None = Field(None, description="The last day; null: until it is withdrawn")
    state: Literal["draft", "published"] = "draft"
    demonstration: Truth = Field(False, description="The office alone says so")
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,59}$")] = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = Field(
        None, description="Its key in that source; its id where none is given"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.shown_from and self.shown_until and self.shown_until < self.shown_from:
            raise wrong_field("shown_until", "in_order", "It ends before it begins")
        return self


class ShowcaseUpdate(BaseModel):
    """A change (JSON Merge Patch); links are replaced as a whole."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"shown_until": "2028-06-30"}]})

    contact: PersonGiven | MISSING = MISSING
    title: ShortLabel | MISSING = MISSING
    text: Label | MISSING = MISSING
    links: Links | MISSING = MISSING
    shown_from: Day | MISSING = MISSING
    shown_until: Day | MISSING | None = MISSING


class ProjectNamed(BaseModel):
    """A project of the registry."""

    id: UUID
    path: str


class ShowcaseLinkRead(BaseModel):
    """Where there is more."""

    url: str
    label: LabelText


class ShowcaseRead(BaseModel):
    """A result on show, and its audience in numbers."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RESULT]})

    id: UUID
    entity: EntityName
    project: ProjectNamed
    title: LabelText
    text: LabelText
    links: list[ShowcaseLinkRead]
    state: ResultState
    on_show: bool = Field(description="On the day asked for, today where none is")
    shown_from: date
    shown_until: date | None
    views: int = Field(description="How often it was looked at so far")
    contacts: int = Field(description="How many entities asked whom to speak to")
    demonstration: bool
    source: str
    source_key: str
    version: int
    created_at: datetime
    updated_at: datetime


class ShowcaseListParameters(PageParameters):
    """Filters of the showcase."""

    q: str | None = Field(None, max_length=200, description="Words in title or text; accents do not matter")
    entity: list[UUID] = Field([], max_length=500, description="Of one of these, or of an entity merged into it")
    project: list[UUID] = Field([], max_length=500)
    state: list[ResultState] = Field([])
    on_show: bool | None = Field(None, description="On show on the day, or not")
    as_of: Day | None = Field(None, description="The day that `on_show` is asked for; today")
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class ViewsIn(BaseModel):
    """How often a result was looked at since the last batch."""

    model_config = ConfigDict(extra="forbid")

    result: UUID
    count: Annotated[Whole, Field(ge=1, le=100_000)]


class ViewsBatch(BaseModel):
    """What a frontend counted. Nothing is said, and nothing kept, of who looked."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"views": [{"result": "01930000-0000-7000-8000-00000000000a", "count": 12}]}]},
    )

    views: Annotated[list[ViewsIn], Field(min_length=1, max_length=500)]


class ViewsRead(BaseModel):
    """What was counted."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"counted": 12}]})

    counted: int = Field(description="Looks at results that are on show today; others are not counted")


class ContactCreate(BaseModel):
    """Somebody would like to speak about a result."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "entity": "01900000-0000-7000-8000-000000000003",
                    "person": _PERSON,
                    "message": "Chcielibyśmy wypróbować elektrody na oddziale.",
                }
            ]
        },
    )

    entity: UUID | None = Field(None, description="Who asks; a partner's own entity where left out")
    person: PersonGiven = Field(description="Whom the owner may answer; shown to the owner and the office")
    message: Annotated[LongText, Field(max_length=4000)]


_CONTACT_ID: dict[str, Any] = {"id": "01930000-0000-7000-8000-000000000004", **_PERSON}
_CONTACT: dict[str, Any] = {
    "id": "01930000-0000-7000-8000-00000000000b",
    "entity": {"id": "01900000-0000-7000-8000-000000000003", "name": "Szpital Uniwersytecki w Krakowie"},
    "created_at": "2026-11-24T09:00:00Z",
}


class AskedContact(BaseModel):
    """That an entity asked whom to speak to about a result."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CONTACT]})

    id: UUID
    entity: EntityName
    created_at: datetime


class AskerRead(BaseModel):
    """Who would like to speak about a result, for its owner and the office."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {**_CONTACT, "person": _CONTACT_ID, "message": "Chcielibyśmy wypróbować elektrody na oddziale."}
            ]
        }
    )

    id: UUID
    entity: EntityName
    created_at: datetime
    person: AttendeeRead
    message: str | None = Field(description="Null where whoever wrote it has been erased")


class ProjectFacts(BaseModel):
    """What the registry tells of a project; the rest is passed over."""

    class Partner(BaseModel):
        """Who takes part."""

        class Named(BaseModel):
            """An entity."""

            id: UUID

        entity: Named | None = None

    id: UUID
    partners: list[Partner] = []
