"""Labels in Polish and English, and the choice between them."""

from typing import Annotated, Literal

from fastapi import Depends, Header, Query
from pydantic import BaseModel, ConfigDict, Field

from klaster_shared.texts import LongText, ShortText

Language = Literal["pl", "en", "all"]


class Label(BaseModel):
    """A text that people read, in both languages."""

    model_config = ConfigDict(extra="forbid")

    pl: Annotated[LongText, Field(max_length=4000)]
    en: Annotated[LongText, Field(max_length=4000)]


class ShortLabel(Label):
    """A name in both languages: one line each, as a column of names keeps it."""

    pl: ShortText
    en: ShortText


LabelText = str | Label
"""What a reader gets: the text in the language asked for, or both with `?lang=all`."""


def label_text(pl: str, en: str, language: Language) -> str | dict[str, str]:
    """The label in the language asked for."""
    if language == "all":
        return {"pl": pl, "en": en}
    return pl if language == "pl" else en


def preferred_language(accept_language: str | None) -> Language:
    """The better of pl and en for an Accept-Language header (RFC 9110); English where it names neither."""
    best: tuple[float, Language] = (0.0, "en")
    for item in (accept_language or "").split(","):
        tag, _, parameters = item.strip().partition(";")
        primary = tag.strip().split("-")[0].lower()
        quality = _quality(parameters)
        if primary in {"pl", "en"} and quality > best[0]:
            best = (quality, "pl" if primary == "pl" else "en")
    return best[1]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


async def chosen_language(
    lang: Annotated[Language | None, Query(description="`pl`, `en`, or `all` for both; wins over the header")] = None,
    accept_language: Annotated[
        str | None, Header(max_length=1000, description="Preferred language of labels: pl or en")
    ] = None,
) -> Language:
    """Dependency: the language of the labels in this answer."""
    return lang or preferred_language(accept_language)


ChosenLanguage = Annotated[Language, Depends(chosen_language)]
