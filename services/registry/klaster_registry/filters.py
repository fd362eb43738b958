"""Conditions that queries of several nouns ask for."""

from collections.abc import Collection
from typing import Any, cast

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Text, any_, bindparam, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.database import is_postgresql


def among(session: AsyncSession, column: Any, texts: Collection[str]) -> ColumnElement[bool]:
    """Whether a column holds one of these texts: one parameter, and one statement, however many they are.

    Drivers keep the statements that they were given, with what was last asked in them: lists of ever different
    lengths filled these places with megabytes, on each connection.
    """
    if is_postgresql(session):
        return cast("ColumnElement[bool]", column == any_(bindparam(None, list(texts), postgresql.ARRAY(Text))))
    each = func.json_each(bindparam(None, to_json(list(texts)).decode(), Text)).table_valued("value")
    return cast("ColumnElement[bool]", column.in_(select(each.c.value)))
