"""What every part of a strategy document is made of: strict models, codes, texts, exact numbers."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StrictInt, WithJsonSchema

from klaster_shared.decimals import as_number
from klaster_shared.labels import Label


class Part(BaseModel):
    """A part of the document. A key that nobody knows is a slip, never to be dropped in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _is_number(value: Any) -> Any:
    # A quoted number, or `yes`, is a slip of the pen: reading it as a number would hide it.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("a number is expected, as digits without quotes")
    return value


Text = Annotated[str, Field(min_length=1, max_length=4000)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60)]
IndicatorCode = Annotated[str, Field(pattern=r"^[A-Z](\.[0-9]+)+-[0-9]+$", max_length=40, examples=["B.1.1-1"])]
Link = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2000)]
Year = Annotated[StrictInt, Field(ge=1900, le=2200)]
PathNumber = Annotated[StrictInt, Field(ge=1, le=99)]
Quantity = Annotated[
    Decimal,
    BeforeValidator(_is_number),
    PlainSerializer(as_number, return_type=int | float),
    Field(max_digits=24, decimal_places=10, allow_inf_nan=False),
    WithJsonSchema({"type": "number"}),
]
"""A number as the document means it: exact inside, a JSON number outside."""


class BilingualText(Part):
    """An item that is a sentence in both languages, under a code."""

    code: Code
    pl: Text
    en: Text


__all__ = ["BilingualText", "Code", "IndicatorCode", "Label", "Link", "Part", "PathNumber", "Quantity", "Text", "Year"]
