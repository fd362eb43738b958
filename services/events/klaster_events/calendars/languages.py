"""Documents that are written in one language at a time."""

from typing import Literal

OneLanguage = Literal["pl", "en"]


def spoken(language: str) -> OneLanguage:
    """The language of a document: one that asks for both gets English."""
    return "pl" if language == "pl" else "en"
