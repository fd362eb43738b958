"""Wire shapes of posts on the board."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import MISSING, AfterValidator, BaseModel, ConfigDict, Field, model_validator

from klaster_events.board.examples import CHANGE, CONTACT, NEW_POST, POST
from klaster_events.board.regions import Region
from klaster_events.entities.schemas import EntityName
from klaster_events.events.schemas import Instant
from klaster_events.people.schemas import AttendeeRead, ContactGiven
from klaster_shared.dates import Day
from klaster_shared.labels import LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code, LongText, ShortText

Side = Literal["offer", "need"]
PostState = Literal["draft", "published", "answered", "closed"]
PostVisibility = Literal["public", "partners"]


def _once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Fields = Annotated[
    list[Code],
    AfterValidator(_once),
    Field(max_length=20, description="Life-science fields, by their codes in the registry"),
]
Keyword = Annotated[ShortText, Field(max_length=100)]
Keywords = Annotated[
    list[Keyword], AfterValidator(_once), Field(max_length=20, description="In any language; capitals do not matter")
]
Regions = Annotated[
    list[Region], AfterValidator(_once), Field(max_length=20, description="Where partners are sought; empty: not said")
]
Readiness = Annotated[int, Field(ge=1, le=9, description="Technology readiness level (TRL)")]
SentReadiness = Annotated[Whole, Field(ge=1, le=9, description="Technology readiness level (TRL)")]
PostText = Annotated[LongText, Field(max_length=20_000)]


class Words(BaseModel):
    """What a post is called, in at least one language."""

    model_config = ConfigDict(extra="forbid")

    pl: ShortText | None = None
    en: ShortText | None = None

    @model_validator(mode="after")
    def _said(self) -> Self:
        if self.pl is None and self.en is None:
            raise ValueError("say it in Polish, in English, or in both")
        return self


class Text(Words):
    """What a post says, in at least one language; lines may break."""

    pl: PostText | None = None
    en: PostText | None = None


class WordsChange(BaseModel):
    """Words that change; a language that is left out stays as it is, null takes it away."""

    model_config = ConfigDict(extra="forbid")

    pl: ShortText | MISSING | None = MISSING
    en: ShortText | MISSING | None = MISSING


class TextChange(BaseModel):
    """A text that changes; a language that is left out stays as it is, null takes it away."""

    model_config = ConfigDict(extra="forbid")

    pl: PostText | MISSING | None = MISSING
    en: PostText | MISSING | None = MISSING


class WordsRead(BaseModel):
    """Both languages; null where a post does not speak one."""

    pl: str | None
    en: str | None


class PostCreate(BaseModel):
    """A new post. What was published elsewhere before may come in with the day it was, or as closed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [NEW_POST]})

    side: Side
    kind: Code
    owner: UUID | None = Field(None, description="The entity whose post it is; a partner's own where left out")
    contact: ContactGiven = Field(description="Whom to speak to; shown to nobody before both sides agree")
    title: Words
    text: Text
    fields: Fields = []
    keywords: Keywords = []
    regions: Regions = []
    readiness: SentReadiness | None = None
    visibility: PostVisibility = Field("public", description="Who sees it: everybody, or partners of the cluster")
    valid_until: Day = Field(description="The last day on which it holds")
    state: Literal["draft", "published", "closed"] = "draft"
    posted_at: Instant | None = Field(None, description="When it was published elsewhere; the office alone says so")
    demonstration: Truth = False
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,59}$")] = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = Field(
        None, description="Its key in that source; its id where none is given"
    )


class PostUpdate(BaseModel):
    """A change (JSON Merge Patch)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [CHANGE]})

    side: Side | MISSING = MISSING
    kind: Code | MISSING = MISSING
    contact: ContactGiven | MISSING = MISSING
    title: WordsChange | MISSING = MISSING
    text: TextChange | MISSING = MISSING
    fields: Fields | MISSING = MISSING
    keywords: Keywords | MISSING = MISSING
    regions: Regions | MISSING = MISSING
    readiness: SentReadiness | MISSING | None = MISSING
    visibility: PostVisibility | MISSING = MISSING
    valid_until: Day | MISSING = MISSING


class RegionRead(BaseModel):
    """A region, named."""

    code: str
    name: LabelText


class PostRead(BaseModel):
    """A post, without its contact person."""

    model_config = ConfigDict(json_schema_extra={"examples": [POST]})

    id: UUID
    side: Side
    kind: str
    owner: EntityName
    title: str | WordsRead = Field(description="In the other language where it does not speak the one asked for")
    text: str | WordsRead
    fields: list[str]
    keywords: list[str]
    regions: list[RegionRead]
    readiness: int | None
    international: bool = Field(description="It looks beyond the cluster's own country")
    visibility: PostVisibility
    valid_until: date
    state: PostState
    open: bool = Field(description="Published, and valid today")
    posted_at: datetime | None = Field(description="When it was published; null: not yet")
    demonstration: bool
    source: str
    source_key: str
    version: int
    created_at: datetime
    updated_at: datetime


class ContactRead(AttendeeRead):
    """The contact person of a post, for those who may know."""

    model_config = ConfigDict(json_schema_extra={"examples": [CONTACT]})


class PostFilters(BaseModel):
    """Which posts are meant. Repeated parameters mean "or", different ones "and"."""

    model_config = {"extra": "ignore"}

    q: str | None = Field(None, max_length=200, description="Words in title, text or keywords; accents do not matter")
    side: list[Side] = Field([])
    kind: list[Code] = Field([])
    counts_as: list[str] = Field([], max_length=50, description="Of a kind that counts as one of these")
    owner: list[UUID] = Field([], description="Posts of one of these, or of an entity merged into it")
    field: list[Code] = Field([], description="In one of these life-science fields")
    keyword: list[Keyword] = Field([], max_length=50, description="With one of these keywords; accents do not matter")
    region: list[Region] = Field(
        [], description="Seeking partners there; a post that asks for Asia or the world asks for Japan too"
    )
    international: bool | None = Field(None, description="Looking beyond the cluster's own country, or not")
    readiness_min: Readiness | None = None
    readiness_max: Readiness | None = None
    state: list[PostState] = Field([])
    open: bool | None = Field(None, description="Published and valid today, or not")
    posted_from: Day | None = Field(None, description="Published on or after this day, of the cluster's zone")
    posted_to: Day | None = Field(None, description="Published on or before this day")
    visibility: list[PostVisibility] = Field([])
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class PostListParameters(PostFilters, PageParameters):
    """Filters and order of the board."""

    sort: str | None = Field(
        None, description="posted_at, updated_at, valid_until, title; `-`: descending. The newest first by default"
    )
