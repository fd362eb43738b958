"""Wire shapes of reconciliation, as its specification names them."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from klaster_shared.errors import wrong_field

BATCH_SIZE = 50  # queries of one request: a tenth of a second
EXTENDED = 200  # entities whose values one request asks for
DEFAULT_LIMIT = 10
MAX_LIMIT = 20
_FREE = ConfigDict(extra="ignore")  # clients add what they like, and the specification lets them

NoneIsEmpty = BeforeValidator(lambda value: [] if value is None else value)
NoneIsNothing = BeforeValidator(lambda value: {} if value is None else value)


class EntityValue(BaseModel):
    """A value that is an entity itself: matched before, in another column."""

    model_config = _FREE

    id: str = Field(max_length=200)
    name: str | None = Field(None, max_length=2_000)


Value = bool | float | str | EntityValue | None


class PropertyValue(BaseModel):
    """What another column says of the same row."""

    model_config = _FREE

    pid: str = Field(max_length=100)
    v: Value | list[Value]

    def values(self) -> list[str]:
        """The values as text; empty ones left out."""
        every = self.v if isinstance(self.v, list) else [self.v]
        texts = [text for one in every for text in _texts(one)]
        return [text.strip() for text in texts if text.strip()]


def _texts(value: Value) -> list[str]:
    if isinstance(value, EntityValue):
        # Matched with whichever service: its name may be ours where its id is not.
        return [value.name or "", value.id]
    if isinstance(value, float) and value.is_integer():
        return [str(int(value))]
    return [] if value is None else [str(value)]


class ReconciliationQuery(BaseModel):
    """One row that is to be matched."""

    model_config = _FREE

    query: str | None = Field(None, max_length=100_000, description="A name; an id finds its entity")
    type: str | list[str] | None = Field(None, description="Kinds of organisations")
    limit: float | None = Field(None, gt=0, allow_inf_nan=False, description=f"Candidates; at most {MAX_LIMIT}")
    properties: Annotated[list[PropertyValue], NoneIsEmpty] = Field([], max_length=50)
    type_strict: Literal["any", "should", "all"] = "should"

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        # An empty cell is no mistake: the others of its batch are answered.
        if self.query is None and not self.properties:
            raise wrong_field("query", "missing", "Give a query, or properties")
        return self

    @property
    def types(self) -> list[str]:
        """The types asked for."""
        return [self.type] if isinstance(self.type, str) and self.type else list(self.type or [])


class ExtendProperty(BaseModel):
    """A property that is asked for."""

    model_config = _FREE

    id: str = Field(max_length=100)
    settings: Annotated[dict[str, Any], NoneIsNothing] = Field({}, max_length=20)


class ExtendQuery(BaseModel):
    """Entities, and what is to be told of each."""

    model_config = _FREE

    ids: list[str]
    properties: list[ExtendProperty] = Field(max_length=50)


class TypeRead(BaseModel):
    """A kind of organisations."""

    id: str
    name: str


class SuggestedRead(BaseModel):
    """Something to choose while typing."""

    id: str
    name: str
    description: str | None = None


class SuggestionsList(BaseModel):
    """What can be chosen."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"result": [{"id": "nip", "name": "NIP (tax number)", "description": "identifier"}]}]
        }
    )

    result: list[SuggestedRead]


class ProposedRead(BaseModel):
    """Properties that can be fetched."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"type": "university", "limit": 1, "properties": [{"id": "city", "name": "City"}]}]
        }
    )

    type: str
    limit: int
    properties: list[TypeRead]


class FlyoutRead(BaseModel):
    """A preview as a piece of a page."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "nip", "html": "<p>NIP (tax number)</p>"}]})

    id: str
    html: str


class ReconcileRead(BaseModel):
    """The manifest; with `queries` results by key; with `extend` rows by id."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "q0": {
                        "result": [
                            {
                                "id": "019aa6a2-5b1c-7c3e-9d0a-2f6b1c9e4d10",
                                "name": "Uniwersytet Jagielloński",
                                "description": "Kraków, PL",
                                "score": 99.8,
                                "match": True,
                                "type": [{"id": "organisation", "name": "Organisation"}],
                                "features": [{"id": "name_found", "value": 1.0}],
                            }
                        ]
                    }
                }
            ]
        },
    )
