"""Texts that come in: trimmed, bounded, without control characters."""

import unicodedata
from collections.abc import Container
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field


def _clean(text: str) -> str:
    # Control (Cc), unassigned and surrogate characters have no place in a name; line breaks neither.
    if not text.isprintable() and any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise ValueError("control characters are not allowed")
    return text


def _clean_lines(text: str) -> str:
    _clean(text.replace("\n", " ").replace("\t", " "))
    return text


def _trim(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


ShortText = Annotated[str, Field(min_length=1, max_length=500), BeforeValidator(_trim), AfterValidator(_clean)]
"""A name or a word on one line."""

LongText = Annotated[str, Field(min_length=1, max_length=20_000), BeforeValidator(_trim), AfterValidator(_clean_lines)]
"""A description; lines may break."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$", examples=["BIOF"])]
"""A code of a taxonomy: stays when labels change. Dots and digits, because classifications write `72.11.Z`."""


def _known_country(code: str) -> str:
    # CLDR lists regions that are no countries (the Union, the United Nations, test codes) beside ISO 3166's.
    if code in _NO_COUNTRY or code not in _names("territories"):
        raise ValueError("no country of ISO 3166-1 has this code")
    return code


def _known_language(code: str) -> str:
    if code not in _names("languages"):
        raise ValueError("no language of ISO 639 has this code")
    return code


@cache
def _names(kind: Literal["territories", "languages", "currencies"]) -> Container[str]:
    # Imported when the first code is read: what CLDR says of a language weighs three megabytes.
    from babel import Locale

    return frozenset(getattr(Locale("en"), kind))


def _known_currency(code: str) -> str:
    if code not in _names("currencies"):
        raise ValueError("no currency of ISO 4217 has this code")
    return code


_NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})

Country = Annotated[
    str,
    Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2", examples=["PL"]),
    AfterValidator(_known_country),
]
Subdivision = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$", description="ISO 3166-2", examples=["PL-12"])]
LanguageCode = Annotated[
    str, Field(pattern=r"^[a-z]{2,3}$", description="ISO 639", examples=["pl"]), AfterValidator(_known_language)
]
Currency = Annotated[
    str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217", examples=["EUR"]), AfterValidator(_known_currency)
]
WebAddress = Annotated[
    str,
    AfterValidator(_clean),
    Field(pattern=r"^https?://[^\s/]+(/\S*)?$", max_length=500, examples=["https://www.uj.edu.pl/"]),
]
