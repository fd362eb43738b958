"""Wire shapes of the search."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from klaster_shared.labels import LabelText
from klaster_shared.pagination import Page, PageParameters
from klaster_shared.texts import Code, Country, Subdivision

FACET_SIZE = 50  # values of one facet: more than a list on a page has room for
Name = Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")]
Matched = Literal["prefix", "text", "similar"]


class SearchFilters(BaseModel):
    """Filters of the search. Repeated parameters mean "or", different ones "and"."""

    collection: list[Name] = Field([], max_length=50, description="`entities`, `labs`, `foreign_hqs`, ...")
    registration: list[Name] = Field([], max_length=10, description="State in the register, of entities")
    interest_group: list[Code] = Field([], max_length=100)
    field: list[Code] = Field([], max_length=100)
    country: list[Country] = Field([], max_length=300)
    subdivision: list[Subdivision] = Field([], max_length=300)
    demonstration: bool | None = None


class SearchParameters(PageParameters, SearchFilters):
    """What is searched for, and how it is answered."""

    q: str | None = Field(
        None,
        max_length=200,
        description="Words, or parts of words from three letters on; accents, case and punctuation do not matter. "
        "Left out: everything, by title",
    )
    sort: Literal["relevance", "title"] = Field(
        "relevance", description="relevance: names that begin with `q` first; without `q` both mean by title"
    )
    facets: bool = Field(False, description=f"Also count by each filter; the {FACET_SIZE} most frequent values of each")


class SuggestParameters(SearchFilters):
    """What somebody has typed so far."""

    model_config = {"extra": "ignore"}

    q: str = Field(max_length=200)
    limit: int = Field(10, ge=1, le=50)


class SearchHitRead(BaseModel):
    """A record that was found."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "collection": "entities",
                    "id": "019aa6a2-5b1c-7c3e-9d0a-2f6b1c9e4d10",
                    "title": "Uniwersytet Jagielloński",
                    "path": "/v1/entities/019aa6a2-5b1c-7c3e-9d0a-2f6b1c9e4d10",
                    "matched": "similar",
                    "corrected": ["jagiellonski"],
                    "registration": "registered",
                    "interest_group": "EDU",
                    "country": "PL",
                    "subdivision": "PL-12",
                    "fields": ["medicine"],
                    "demonstration": False,
                }
            ]
        }
    )

    collection: str
    id: str = Field(description="Its id, or its code where the collection goes by codes")
    title: LabelText
    path: str = Field(description="Where it is read")
    matched: Matched | None = Field(
        description="prefix: a name begins with `q`; text: every word was found; "
        "similar: words were taken for misspelt; null: nothing was asked"
    )
    corrected: list[str] = Field(description="Words that were searched for in place of misspelt ones")
    registration: str | None
    interest_group: str | None
    country: str | None
    subdivision: str | None
    fields: list[str]
    demonstration: bool


class FacetValueRead(BaseModel):
    """How many of the matches have a value."""

    value: str
    count: int


class SearchFacetsRead(BaseModel):
    """All matches, of every page, counted by what they can be filtered by; similar hits are not counted."""

    collection: list[FacetValueRead]
    registration: list[FacetValueRead]
    interest_group: list[FacetValueRead]
    field: list[FacetValueRead]
    country: list[FacetValueRead]
    subdivision: list[FacetValueRead]


class SearchRead(Page[SearchHitRead]):
    """One page of what was found."""

    facets: SearchFacetsRead | None = Field(
        None, description=f"Only with `facets=true`: of each the {FACET_SIZE} most frequent values"
    )


class SuggestionRead(BaseModel):
    """A record whose name, or one of its words, begins with what was typed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"collection": "groups", "id": "talents", "title": "Talenty", "path": "/v1/groups/talents"}]
        }
    )

    collection: str
    id: str
    title: LabelText
    path: str


class SuggestionsRead(BaseModel):
    """Suggestions, the best first."""

    items: list[SuggestionRead]
