"""Wire shapes of consents."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from klaster_shared.labels import Label, LabelText
from klaster_shared.pagination import PageParameters
from klaster_shared.plain import Truth, Whole
from klaster_shared.texts import Code

Occasion = Literal["registration", "interest"]
PURPOSES = 20  # what one form can ask for before nobody reads it
_WORDS: dict[str, Any] = {
    "pl": "Zgadzam się na otrzymywanie zaproszeń na kolejne wydarzenia.",
    "en": "I agree to be invited to further events.",
}
_TEXT: dict[str, Any] = {
    "purpose": "newsletter",
    "version": 1,
    "text": _WORDS,
    "required": False,
    "occasion": "registration",
    "retired": False,
    "created_at": "2026-11-24T09:00:00Z",
}


class ConsentTextCreate(BaseModel):
    """The words for a purpose: the first ones, or new ones, which become its next version."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"purpose": "newsletter", "text": _WORDS, "required": False}]},
    )

    purpose: Code
    text: Label
    required: Truth = Field(False, description="Nothing is done without it")
    occasion: Occasion = Field(
        "registration", description="When people are asked: registering for an event, or telling who answers a post"
    )


class ConsentTextRead(BaseModel):
    """What people are asked to agree to, in one version."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TEXT]})

    purpose: str
    version: int = Field(description="Counted from 1 within the purpose")
    text: LabelText
    required: bool = Field(description="Nothing is done without it")
    occasion: Occasion = Field(description="When people are asked")
    retired: bool = Field(description="Asked of nobody any more")
    created_at: datetime


class ConsentTextListParameters(PageParameters):
    """Filters of the list of consent texts."""

    retired: bool = Field(False, description="True: the purposes that nobody is asked for any more")
    occasion: Occasion | None = Field(None, description="Those asked on this occasion alone")


class ConsentGiven(BaseModel):
    """That a person agrees to the words they were shown."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"purpose": "newsletter", "version": 1}]})

    purpose: Code
    version: Annotated[Whole, Field(ge=1, lt=2**31, description="Of the words that were shown")]


ConsentsGiven = Annotated[
    list[ConsentGiven],
    Field(max_length=PURPOSES, description="What the person agrees to, in the words of /v1/consent-texts"),
]


class ConsentEntry(BaseModel):
    """What a person agreed to, in which words, and until when."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "purpose": "newsletter",
                    "version": 1,
                    "text": _WORDS,
                    "event_id": "01930000-0000-7000-8000-000000000001",
                    "given_at": "2026-11-24T09:00:00Z",
                    "withdrawn_at": None,
                }
            ]
        }
    )

    purpose: str
    version: Whole
    text: LabelText
    event_id: UUID | None = Field(description="The event at whose registration it was given; null: apart from any")
    given_at: datetime
    withdrawn_at: datetime | None = Field(description="Null: it holds")
