"""What a browser's form sends: words between commas, an empty field where nothing is said, hours day by day."""

import re
from typing import Annotated, Any
from uuid import UUID

from pydantic import MISSING, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from klaster_events.board.schemas import Keywords
from klaster_events.editions.schemas import Cap
from klaster_events.editions.windows import Windows
from klaster_events.events.schemas import Languages
from klaster_events.meetings.schemas import NextStep, OutcomeGiven, OwnMeetingCreate
from klaster_events.meetings.schemas import Words as Note
from klaster_events.participants.schemas import AboutText, ParticipantProfile, ParticipantUpdate
from klaster_shared.texts import Code


def _words(value: object) -> object:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _unsaid(value: object) -> object:
    return None if value == "" else value


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else _unsaid(value)


def _windows(value: object) -> object:
    """A text for each day of the event, as `10:00-12:00, 14:00-16:00`; all of them empty: whenever the others meet."""
    if not isinstance(value, list) or not value:
        return MISSING
    said = [(day, hours) for day, text in enumerate(value, 1) for hours in _words(text)]  # type: ignore[attr-defined]
    return [_window(day, hours) for day, hours in said] or None


def _window(day: int, hours: str) -> dict[str, object]:
    found = _HOURS.fullmatch(hours)
    if found is None:
        raise PydanticCustomError("hours", "Write hours like 10:00-12:00, between commas")
    return {"day": day, "from": found[1].zfill(5), "until": found[2].zfill(5)}


_CLOCK = r"((?:[01]?[0-9]|2[0-3]):[0-5][0-9])"
_HOURS = re.compile(rf"{_CLOCK}\s*[-\u2013]\s*{_CLOCK}")
BY_DAY = frozenset({"availability"})  # a field for each day, all of one name
Words = Annotated[Keywords, BeforeValidator(_words)]
Said = Annotated[AboutText | None, BeforeValidator(_unsaid)]


class ProfileForm(BaseModel):
    """A profile; the availability stays as it is where the form says nothing of it."""

    model_config = ConfigDict(extra="forbid")

    kind: Code
    languages: Annotated[Languages, BeforeValidator(_words)] = []
    fields: Annotated[list[Code], BeforeValidator(_words), Field(max_length=20)] = []
    about_pl: Said = None
    about_en: Said = None
    seeks: Words = []
    offers: Words = []
    availability: Annotated[Windows | MISSING | None, BeforeValidator(_windows)] = MISSING
    cap: Annotated[Cap | None, BeforeValidator(_number)] = None
    listed: bool = False

    def profile(self) -> ParticipantProfile:
        """As somebody who joins says it."""
        about = None if self.about_pl is None and self.about_en is None else self._about()
        return ParticipantProfile.model_validate({**self._rest(), "about": about})

    def change(self) -> ParticipantUpdate:
        """As somebody who takes part already says it."""
        return ParticipantUpdate.model_validate({**self._rest(), "about": self._about()})

    def _about(self) -> dict[str, Any]:
        return {"pl": self.about_pl, "en": self.about_en}

    def _rest(self) -> dict[str, Any]:
        return self.model_dump(exclude={"about_pl", "about_en"}, by_alias=True)


class WishForm(BaseModel):
    """A request for a meeting."""

    model_config = ConfigDict(extra="forbid")

    asked: UUID
    message: Annotated[Note | None, BeforeValidator(_unsaid)] = None

    def wish(self) -> OwnMeetingCreate:
        """As a program says it."""
        return OwnMeetingCreate(**self.model_dump())


class OutcomeForm(BaseModel):
    """How a meeting went."""

    model_config = ConfigDict(extra="forbid")

    took_place: bool
    rating: Annotated[Annotated[int, Field(ge=1, le=5)] | None, BeforeValidator(_number)] = None
    next_step: NextStep = "none"
    note: Annotated[Note | None, BeforeValidator(_unsaid)] = None

    def outcome(self) -> OutcomeGiven:
        """As a program says it."""
        return OutcomeGiven(**self.model_dump())
