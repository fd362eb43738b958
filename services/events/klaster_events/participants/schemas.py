"""Wire shapes of participants."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field

from klaster_events.board.schemas import Fields, Keyword, Keywords, PostText, TextChange, WordsRead
from klaster_events.board.schemas import Text as PostTexts
from klaster_events.editions.schemas import Cap
from klaster_events.editions.windows import WindowRead, Windows
from klaster_events.entities.schemas import EntityName
from klaster_events.events.schemas import Languages
from klaster_events.participants.examples import AVAILABILITY, CHANGE, IN_FULL, NEW_PARTICIPANT, PARTICIPANT, PROFILE
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code, LanguageCode

Availability = Annotated[
    Windows | None, Field(description="When they can meet, by day of the event; null: whenever the edition meets")
]
OwnCap = Annotated[Cap | None, Field(description="Meetings at most; null: as many as the edition allows")]
Listed = Annotated[Truth, Field(description="Whether other participants, and partners, are told the name")]
AboutText = Annotated[PostText, Field(max_length=4000)]


class About(PostTexts):
    """What a participant says of themselves, in at least one language."""

    pl: AboutText | None = None
    en: AboutText | None = None


class AboutChange(TextChange):
    """Words that change; a language that is left out stays as it is, null takes it away."""

    pl: AboutText | MISSING | None = MISSING
    en: AboutText | MISSING | None = MISSING


class ParticipantProfile(BaseModel):
    """What a participant says of themselves. Other participants read it, apart from availability and cap."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PROFILE]})

    kind: Code = Field(description="One of the edition's kinds of participants")
    languages: Languages = Field([], description="Spoken")
    fields: Fields = []
    about: About | None = None
    seeks: Keywords = []
    offers: Keywords = []
    availability: Availability = None
    cap: OwnCap = None
    listed: Listed = False


class ParticipantCreate(ParticipantProfile):
    """A registration that takes part from now on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [NEW_PARTICIPANT]})

    registration: UUID = Field(description="A confirmed registration for the edition's event")


class ParticipantUpdate(BaseModel):
    """A change (JSON Merge Patch)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [CHANGE]})

    kind: Code | MISSING = MISSING
    languages: Languages | MISSING = MISSING
    fields: Fields | MISSING = MISSING
    about: AboutChange | MISSING | None = MISSING
    seeks: Keywords | MISSING = MISSING
    offers: Keywords | MISSING = MISSING
    availability: Windows | MISSING | None = MISSING
    cap: Cap | MISSING | None = MISSING
    listed: Truth | MISSING = MISSING


class OwnPart(BaseModel):
    """What a participant tells the office alone."""

    registration_id: UUID
    availability: list[WindowRead] | None
    cap: int | None
    at_most: int | None = Field(description="Meetings at most, by the rules of the edition too; null: no limit")


class ParticipantRead(BaseModel):
    """A participant, as others see them."""

    model_config = ConfigDict(json_schema_extra={"examples": [PARTICIPANT, IN_FULL]})

    id: UUID
    edition_id: UUID
    name: str | None = Field(description="Null where they did not say that others may know it, or were erased")
    entity: EntityName | None
    kind: str
    languages: list[str]
    fields: list[str]
    about: str | WordsRead | None = Field(description="In the other language where it does not speak the one asked for")
    seeks: list[str]
    offers: list[str]
    listed: bool
    own: OwnPart | None = Field(description="For themselves, whoever registered them, the organisers and the office")
    withdrawn_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class ParticipantListParameters(PageParameters):
    """Filters of the list of participants. Repeated parameters mean "or", different ones "and"."""

    kind: list[Code] = Field([])
    entity: list[UUID] = Field([], description="Of one of these, or of an entity merged into it")
    language: list[LanguageCode] = Field([], description="Speaking one of these")
    field: list[Code] = Field([], description="In one of these life-science fields")
    seeks: list[Keyword] = Field([], max_length=50, description="Seeking one of these; accents do not matter")
    offers: list[Keyword] = Field([], max_length=50, description="Offering one of these; accents do not matter")
    withdrawn: bool = Field(False, description="Those that withdrew, instead of those that take part")


class SlotAvailability(BaseModel):
    """A slot of the edition, and whether a participant could meet in it."""

    starts_at: datetime
    ends_at: datetime
    free: bool
    why: Literal["unavailable", "session"] | None = Field(
        description="`unavailable`: they said so; `session`: they have a seat in a session then"
    )


class AvailabilityRead(BaseModel):
    """All slots of an edition, for one participant."""

    model_config = ConfigDict(json_schema_extra={"examples": [AVAILABILITY]})

    items: list[SlotAvailability]


class HeldParticipation(BaseModel):
    """Taking part in the 1:1 meetings of an event, with what the person says of themselves."""

    id: UUID
    edition_id: UUID
    registration_id: UUID
    entity_id: UUID | None
    kind: str
    languages: list[str]
    fields: list[str]
    about: WordsRead
    seeks: list[str]
    offers: list[str]
    availability: list[WindowRead] | None
    cap: int | None
    listed: bool
    withdrawn_at: datetime | None
    created_at: datetime
    updated_at: datetime
