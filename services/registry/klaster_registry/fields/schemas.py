"""Wire shapes of the list of fields; a field itself is a code of a taxonomy."""

from pydantic import Field

from klaster_registry.taxonomies.schemas import TermListParameters
from klaster_shared.dates import Day
from klaster_shared.texts import Code


class FieldListParameters(TermListParameters):
    """Filters of the list of fields."""

    as_of: Day | None = Field(None, description="The day that documents are asked for; today")
    counts: bool | None = Field(None, description='Flagged `counts`: shares such as "half of the fields" are of these')
    document_kind: list[Code] = Field(
        [], max_length=50, description="A document of one of these kinds, in force on that day, is about it: `roadmap`"
    )
    demonstration: bool | None = Field(
        None, description="Whether those documents are demonstration data, all of them; goes with `document_kind`"
    )
