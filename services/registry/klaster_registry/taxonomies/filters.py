"""What other nouns' queries ask of codes: which of them carry a flag. No query of its own runs here."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, select
from sqlmodel import col

from klaster_registry.taxonomies.models import Term


def carries(flag: str) -> ColumnElement[bool]:
    """SQL: the code carries a flag: a plain word in a list of JSON, which either engine keeps as it was written."""
    return cast(col(Term.flags), Text).contains(f'"{flag}"', autoescape=True)


def flagged(taxonomy: str, flag: str) -> Select[Any]:
    """SQL: the codes of a taxonomy that carry a flag, retired ones too: what was counted stays counted."""
    return select(col(Term.code)).where(col(Term.taxonomy) == taxonomy, carries(flag))
