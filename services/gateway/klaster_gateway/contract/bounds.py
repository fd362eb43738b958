"""How large things get: sizes that a schema leaves open, closed by what bodies and addresses can hold at all."""

import re
from collections.abc import Iterator
from functools import cache

# CPython's own parser tells how long a pattern's matches get; before 3.11 it had another name.
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Schema = dict[str, Any]
MAX_TEXT = 1024 * 1024  # characters: no body that could bring a longer one is read
MAX_ITEMS = 100_000  # more than any list that is not read page by page
INT32, INT64 = 2**31 - 1, 2**53 - 1  # whole numbers that every client can hold: JavaScript's end at 2^53
_BY_FORMAT = {
    "date": 10,
    "date-time": 40,
    "time": 20,
    "duration": 60,
    "uuid": 36,
    "email": 320,
    "uri": 8192,
}
_SCHEMA_MAPS = ("properties", "patternProperties", "$defs")
_SCHEMA_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_SCHEMAS = ("items", "additionalProperties", "not", "contains", "propertyNames", "schema")


def bound_sizes(document: dict[str, Any]) -> None:
    """Give every text, list and whole number of the merged contract the bounds that it lacks."""
    for schema in _every(document):
        kind = schema.get("type")
        if kind == "string":
            _bound_text(schema)
        elif kind == "array":
            schema.setdefault("maxItems", MAX_ITEMS)
        elif kind == "integer":
            _bound_integer(schema)


def _every(document: dict[str, Any]) -> Iterator[Schema]:
    for schema in document["components"]["schemas"].values():
        yield from _within(schema)
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                yield from _within(parameter["schema"])
            for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
                for described in (*holder.get("content", {}).values(), *holder.get("headers", {}).values()):
                    yield from _within(described.get("schema", {}))


def _within(schema: Any) -> Iterator[Schema]:
    if not isinstance(schema, dict):
        return
    yield schema
    for key in _SCHEMAS:
        yield from _within(schema.get(key))
    for key in _SCHEMA_LISTS:
        for part in schema.get(key, ()):
            yield from _within(part)
    for key in _SCHEMA_MAPS:
        for part in schema.get(key, {}).values():
            yield from _within(part)


def _bound_text(schema: Schema) -> None:
    if "enum" in schema or "const" in schema or "maxLength" in schema:
        return
    if "pattern" in schema and (longest := _longest(schema["pattern"])) is not None:
        schema["maxLength"] = longest
    else:
        schema["maxLength"] = _BY_FORMAT.get(schema.get("format", ""), MAX_TEXT)


@cache
def _longest(pattern: str) -> int | None:
    """The longest text that a pattern of the whole text takes; None where there is no end to it."""
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return None
    longest: int = parser.parse(pattern).getwidth()[1]
    return longest if longest < MAX_TEXT and not re.search(r"[*+]", re.sub(r"\\.|\[[^]]*\]", "", pattern)) else None


def _bound_integer(schema: Schema) -> None:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    wide = max(abs(low or 0), abs(high or 0)) > INT32 or schema.get("format") == "int64"
    schema.setdefault("format", "int64" if wide else "int32")
    limit = INT64 if wide else INT32
    if low is None:
        schema["minimum"] = -limit
    if high is None:
        schema["maximum"] = limit
