"""What a browser's form sends: words between commas, an empty field where nothing is said."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from klaster_events.board.schemas import Keywords
from klaster_events.editions.schemas import Cap
from klaster_events.events.schemas import Languages
from klaster_events.meetings.schemas import NextStep, OutcomeGiven
from klaster_events.meetings.schemas import Words as Note
from klaster_events.participants.schemas import AboutText, ParticipantProfile, ParticipantUpdate
from klaster_shared.texts import Code


def _words(value: object) -> object:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _unsaid(value: object) -> object:
    return None if value == "" else value


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else _unsaid(value)


Words = Annotated[Keywords, BeforeValidator(_words)]
Said = Annotated[AboutText | None, BeforeValidator(_unsaid)]


class ProfileForm(BaseModel):
    """A profile; availability is not asked for here, and stays as it is."""

    model_config = ConfigDict(extra="forbid")

    kind: Code
    languages: Annotated[Languages, BeforeValidator(_words)] = []
    fields: Annotated[list[Code], BeforeValidator(_words), Field(max_length=20)] = []
    about_pl: Said = None
    about_en: Said = None
    seeks: Words = []
    offers: Words = []
    cap: Annotated[Cap | None, BeforeValidator(_number)] = None
    listed: bool = False

    def profile(self) -> ParticipantProfile:
        """As somebody who joins says it."""
        about = None if self.about_pl is None and self.about_en is None else self._about()
        return ParticipantProfile.model_validate({**self._rest(), "about": about})

    def change(self) -> ParticipantUpdate:
        """As somebody who takes part already says it: everything but the availability."""
        return ParticipantUpdate.model_validate({**self._rest(), "about": self._about()})

    def _about(self) -> dict[str, Any]:
        return {"pl": self.about_pl, "en": self.about_en}

    def _rest(self) -> dict[str, Any]:
        return self.model_dump(exclude={"about_pl", "about_en"})


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
