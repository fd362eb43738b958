"""Wire shapes of people."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import MISSING, BaseModel, ConfigDict, Field, model_validator

from klaster_registry.entities.schemas import EntityReference, OwnerRead, SourceCode
from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_shared.dates import Day
from klaster_shared.errors import wrong_field
from klaster_shared.labels import Label, LabelText, ShortLabel
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth
from klaster_shared.texts import Code, LongText, ShortText

Name = Annotated[ShortText, Field(max_length=200, examples=["Ada Przykładowa"])]
EmailAddress = Annotated[
    ShortText,
    Field(max_length=254, pattern=r"^[^@\s<>,;:\"]{1,64}@([^@\s.<>,;:\"]{1,63}\.)+[^@\s.<>,;:\"]{2,63}$"),
]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()/-]{3,38}$", examples=["+48 12 000 00 00"])]
_EXAMPLE: dict[str, Any] = {
    "name": "Ada Przykładowa",
    "title": "dr hab.",
    "email": "ada@example.org",
    "phone": "+48 12 000 00 00",
    "bio": {"pl": "Kieruje pracownią NMR", "en": "Heads the NMR laboratory"},
    "roles": [
        {
            "entity": "RBW-000073",
            "body": None,
            "role": "representative",
            "function": {"pl": "kierowniczka pracowni", "en": "head of laboratory"},
            "from": "2023-01-01",
            "to": None,
        }
    ],
    "consents": [
        {
            "purpose": "publication",
            "given_on": "2023-01-10",
            "withdrawn_on": None,
            "evidence": "Formularz podpisany 10.01.2023, teczka 4",
        }
    ],
    "source": "office",
    "source_key": "ada",
    "demonstration": False,
}


class RoleIn(PeriodIn):
    """What a person is in an entity or in a body, and when."""

    entity: EntityReference | None = None
    body: Code | None = Field(None, description="Code of an advisory body")
    role: Code
    function: ShortLabel | None = Field(None, description="In their own words: head of laboratory")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.entity is None) == (self.body is None):
            raise wrong_field("entity", "one_place", "Name an entity or a body, not both")
        return self


class ConsentIn(BaseModel):
    """A consent to one purpose."""

    model_config = ConfigDict(extra="forbid")

    purpose: Code
    given_on: Day
    withdrawn_on: Day | None = Field(None, description="The first day on which it no longer holds")
    evidence: Annotated[LongText, Field(max_length=4000)] | None = Field(None, description="How it was given")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.withdrawn_on and self.withdrawn_on < self.given_on:
            raise wrong_field("withdrawn_on", "dates", "Withdrawn before it was given")
        return self


Roles = Annotated[list[RoleIn], Field(max_length=100)]
Consents = Annotated[list[ConsentIn], Field(max_length=100, description="Without one, only the office sees a person")]


class PersonCreate(BaseModel):
    """A new person."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    name: Name
    title: Annotated[ShortText, Field(max_length=200)] | None = None
    email: EmailAddress | None = None
    phone: Phone | None = None
    bio: Label | None = None
    roles: Roles = []
    consents: Consents = []
    source: SourceCode = "office"
    source_key: Annotated[ShortText, Field(max_length=200)] | None = None
    demonstration: Truth = False


class PersonUpdate(BaseModel):
    """A change (JSON Merge Patch): lists are replaced as a whole."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"title": "prof. dr hab.", "phone": None}]}
    )

    name: Name | MISSING = MISSING
    title: Annotated[ShortText, Field(max_length=200)] | MISSING | None = MISSING
    email: EmailAddress | MISSING | None = MISSING
    phone: Phone | MISSING | None = MISSING
    bio: Label | MISSING | None = MISSING
    roles: Roles | MISSING = MISSING
    consents: Consents | MISSING = MISSING


class PersonListParameters(PageParameters):
    """Filters of the list of people."""

    q: str | None = Field(None, max_length=200, description="For the office: part of a name; accents do not matter")
    entity: list[UUID] = Field([], description="With a role in one of these entities on that day")
    body: list[Code] = Field([], description="With a role in one of these bodies on that day")
    role: list[Code] = Field([], description="With one of these roles on that day")
    purpose: list[Code] = Field([], description="For the office: consent to one of these purposes holds on that day")
    as_of: Day | None = Field(
        None, description="The day that roles and consents are asked for; today. Alone: with any role"
    )
    erased: bool = Field(False, description="For the office: those who were erased, of whom nothing is left but this")
    demonstration: bool | None = None
    source: list[str] = Field([], max_length=50)
    source_key: list[str] = Field([], max_length=500)


class RoleRead(PeriodRead):
    """What a person is in an entity or in a body, and when."""

    entity: OwnerRead | None
    body: str | None
    role: str
    function: LabelText | None


class ConsentRead(BaseModel):
    """A consent to one purpose."""

    purpose: str
    given_on: date
    withdrawn_on: date | None
    evidence: str | None


class PersonRead(BaseModel):
    """A person, as far as the one who asks may know: null also stands for what they may not."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "id": "7b1f2c62-33a4-4a86-9a33-0f6e7c9f5d10",
                    "bio": None,
                    "email": None,
                    "phone": None,
                    "roles": [
                        {
                            "entity": {"id": "0190163d-8694-739b-aea5-966c26f8ad91", "name": "Instytut Farmakologii"},
                            "body": None,
                            "role": "representative",
                            "function": "head of laboratory",
                            "from": "2023-01-01",
                            "to": None,
                        }
                    ],
                    "consents": None,
                    "source": None,
                    "source_key": None,
                    "erased_on": None,
                    "version": 1,
                    "created_at": "2026-11-24T09:00:00Z",
                    "updated_at": "2026-11-24T09:00:00Z",
                }
            ]
        }
    )

    id: UUID = Field(description="Random: it stays when the person is erased")
    name: str | None = Field(description="Null where the person was erased")
    title: str | None
    email: str | None = Field(description="Public with a consent to be contacted")
    phone: str | None
    bio: LabelText | None
    roles: list[RoleRead]
    consents: list[ConsentRead] | None = Field(description="For the office")
    source: str | None
    source_key: str | None
    erased_on: date | None
    demonstration: bool
    version: int
    created_at: datetime
    updated_at: datetime
