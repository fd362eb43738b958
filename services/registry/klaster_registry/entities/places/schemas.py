"""Wire shapes of where an entity is: its seat, and its branches beside it."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from klaster_registry.periods import PeriodIn, PeriodRead
from klaster_shared.errors import wrong_field
from klaster_shared.plain import Real, Whole
from klaster_shared.texts import Country, ShortText, Subdivision

BranchKind = Literal["branch", "subsidiary"]


class SeatIn(BaseModel):
    """Where the organisation has its seat."""

    model_config = ConfigDict(extra="forbid")

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
