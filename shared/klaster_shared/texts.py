"""Texts that come in: trimmed, bounded, without control characters."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field


def _clean(text: str) -> str:
    # Control (Cc), unassigned and surrogate characters have no place in a name; line breaks neither.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise ValueError("control characters are not allowed")
    return text


def _clean_lines(text: str) -> str:
    _clean(text.replace("\n", " ").replace("\t", " "))
    return text


def _trim(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


ShortText = Annotated[str, BeforeValidator(_trim), AfterValidator(_clean), Field(min_length=1, max_length=500)]
"""A name or a word on one line."""

LongText = Annotated[str, BeforeValidator(_trim), AfterValidator(_clean_lines), Field(min_length=1, max_length=20_000)]
"""A description; lines may break."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,59}$", examples=["BIOF"])]
"""A code of a taxonomy: stays when labels change."""

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2", examples=["PL"])]
Subdivision = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$", description="ISO 3166-2", examples=["PL-12"])]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", description="ISO 639", examples=["pl"])]
WebAddress = Annotated[
    str,
    AfterValidator(_clean),
    Field(pattern=r"^https?://[^\s/]+(/\S*)?$", max_length=500, examples=["https://www.uj.edu.pl/"]),
]
