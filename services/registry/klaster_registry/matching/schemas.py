"""Wire shapes of matching."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from klaster_registry.entities.identifiers import Verdict
from klaster_shared.errors import wrong_field
from klaster_shared.plain import Whole
from klaster_shared.texts import Country

MAX_TEXT = 2_000  # of one string: no affiliation is longer, and time grows with length
MAX_BATCH = 500
MAX_ANONYMOUS = 100
Outcome = Literal[
    "match", "nothing", "unlikely", "other_kind", "ambiguous", "several", "conflicting_identifiers", "unknown"
]


class StatedIdentifier(BaseModel):
    """An identifier that a row states."""

    model_config = ConfigDict(extra="forbid")

    scheme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,19}$", examples=["nip"])]
    value: Annotated[str, Field(min_length=1, max_length=100, examples=["675-000-22-36"])]


class MatchRow(BaseModel):
    """A row of a spreadsheet; a plain string is a row that has a name alone."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", max_length=MAX_TEXT, description="A name, or a whole affiliation with department and address")
    identifiers: list[StatedIdentifier] = Field([], max_length=20)
    city: str | None = Field(None, max_length=200)
    country: Country | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.name.strip() and not self.identifiers:
            raise wrong_field("name", "missing", "Give a name, or identifiers")
        return self


def _row_of(given: Any) -> Any:
    return {"name": given} if isinstance(given, str) else given


def _or_string(schema: dict[str, Any]) -> None:
    schema["items"] = {"anyOf": [{"type": "string", "minLength": 1, "maxLength": MAX_TEXT}, schema["items"]]}


class MatchIn(BaseModel):
    """Strings and rows, in any mixture."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "queries": [
                        "Wydział Lekarski Uniwersytetu Jagiellońskiego, ul. św. Anny 12, Kraków",
                        {"name": "AGH", "city": "Kraków", "country": "PL"},
                        {"name": "", "identifiers": [{"scheme": "nip", "value": "675-000-22-36"}]},
                    ],
                    "limit": 3,
                }
            ]
        },
    )

    queries: list[Annotated[MatchRow, BeforeValidator(_row_of)]] = Field(
        min_length=1,
        max_length=MAX_BATCH,
        description=f"Up to {MAX_BATCH}; up to {MAX_ANONYMOUS} without a key",
        json_schema_extra=_or_string,
    )
    limit: Whole = Field(5, ge=1, le=20, description="Candidates of each")


class ClaimRead(BaseModel):
    """An identifier that the question holds: stated, or found in the text."""

    scheme: str
    value: str
    verdict: Verdict
    reason: str | None


class CandidateRead(BaseModel):
    """An entity that may be meant."""

    id: UUID
    name: str
    rbw_number: str | None
    city: str | None
    country: str | None
    existence: str
    registration: str
    score: float = Field(ge=0, le=1, description="How likely it is meant; 1 where an identifier says so")
    match: bool = Field(description="Certain enough to be taken without looking; true for at most one")
    text: str | None = Field(description="The words of the question that name it, folded; null: none do")
    features: dict[str, float] = Field(description="What the score is made of, each between 0 and 1")


class MatchedRead(BaseModel):
    """What came of one string or row."""

    outcome: Outcome = Field(
        description="match; or why there is none: nothing (no candidate), unlikely, other_kind (a hospital is not its "
        "university), ambiguous (two may be meant), several (the text names two), conflicting_identifiers, "
        "unknown (its identifiers are nobody's, and there is no name)"
    )
    identifiers: list[ClaimRead]
    candidates: list[CandidateRead] = Field(description="The most likely first")


class MatchesRead(BaseModel):
    """Answers in the order of the questions."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "outcome": "match",
                            "identifiers": [],
                            "candidates": [
                                {
                                    "id": "019aa6a2-5b1c-7c3e-9d0a-2f6b1c9e4d10",
                                    "name": "Uniwersytet Jagielloński",
                                    "rbw_number": "RBW-000012",
                                    "city": "Kraków",
                                    "country": "PL",
                                    "existence": "active",
                                    "registration": "registered",
                                    "score": 0.9981,
                                    "match": True,
                                    "text": "uniwersytetu jagiellonskiego",
                                    "features": {"name_found": 1.0, "exact": 1.0, "city_agrees": 1.0},
                                }
                            ],
                        }
                    ],
                    "cost": 1,
                }
            ]
        }
    )

    items: list[MatchedRead]
    cost: int = Field(description="What the request counts for against a limit: one a question")
