"""What Entity Reconciliation 0.2 asks of requests and answers: written down here in few words, as JSON Schemas.

Its text says the same at https://reconciliation-api.github.io/specs/0.2/. Where it leaves a thing open, so does this.
"""

from typing import Any

from jsonschema import Draft7Validator

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
PLACE: Schema = {"type": "string", "pattern": "^https?://"}


def thing(required: dict[str, Schema], optional: dict[str, Schema] | None = None, *, closed: bool = False) -> Schema:
    shape = {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}
    return {**shape, "additionalProperties": False} if closed else shape


def several(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def by_key(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def holding(part: str) -> Schema:
    return {"type": "string", "pattern": part}


NAMED = thing({"id": TEXT, "name": TEXT}, {"description": TEXT})
KIND: Schema = {"anyOf": [TEXT, thing({"id": TEXT}, {"name": TEXT})]}
SUGGESTING = thing(
    {"service_url": PLACE},
    {"service_path": TEXT, "flyout_service_url": PLACE, "flyout_service_path": holding(r"\$\{id\}")},
)
SETTING: Schema = {
    "oneOf": [
        thing({"type": {"const": word}, "label": TEXT, "name": TEXT}, {"default": {"type": kind}, "help_text": TEXT})
        for word, kind in (("number", "number"), ("text", "string"), ("checkbox", "boolean"))
    ]
}
MANIFEST = thing(
    {
        "versions": {**several(TEXT), "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": PLACE,
        "schemaSpace": PLACE,
    },
    {
        "documentation": PLACE,
        "defaultTypes": {**several(NAMED), "uniqueItems": True},
        "view": thing({"url": holding(r"\{\{id\}\}")}),
        "feature_view": thing({"url": holding(r"\{\{id\}\}")}),
        "preview": thing({"url": holding(r"\{\{id\}\}"), "width": {"type": "integer"}, "height": {"type": "integer"}}),
        "suggest": thing({}, dict.fromkeys(("entity", "type", "property"), SUGGESTING), closed=True),
        "extend": thing(
            {"propose_properties": thing({"service_url": PLACE, "service_path": TEXT})},
            {"property_settings": several(SETTING)},
        ),
        "batchSize": {"type": "integer", "minimum": 1},
    },
    closed=True,
)
CANDIDATE = thing(
    {"id": TEXT, "name": TEXT, "score": {"type": "number"}, "match": {"type": "boolean"}},
    {
        "description": TEXT,
        "type": several(KIND),
        "features": several(thing({"id": TEXT, "value": {"type": ["number", "boolean"]}})),
    },
    closed=True,
)
RESULTS = by_key(thing({"result": several(CANDIDATE)}, closed=True))
_VALUE: Schema = {
    "oneOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}, thing({"id": TEXT}, {"name": TEXT})]
}
_QUERY = thing(
    {},
    {
        "query": TEXT,
        "type": {"anyOf": [TEXT, several(TEXT)]},
        "limit": {"type": "number"},
        "properties": several(thing({"pid": TEXT, "v": {"oneOf": [_VALUE, several(_VALUE)]}})),
        "type_strict": {"enum": ["any", "should", "all"]},
    },
    closed=True,
)
QUERIES = by_key(
    {**_QUERY, "anyOf": [{"required": ["query"]}, thing({"properties": {"type": "array", "minItems": 1}})]}
)
EXTEND = thing({"ids": several(TEXT), "properties": several(thing({"id": TEXT}, {"settings": {"type": "object"}}))})
_MOMENT = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$"
_TOLD: Schema = {
    "oneOf": [
        thing({}, closed=True),
        thing({"id": TEXT, "name": TEXT}, {"description": TEXT}, closed=True),
        thing({"str": TEXT}, closed=True),
        thing({"float": {"type": "number"}}, closed=True),
        thing({"int": {"type": "integer"}}, closed=True),
        thing({"date": {"type": "string", "pattern": _MOMENT}}, closed=True),
    ]
}
EXTENSION = thing(
    {
        "meta": several(thing({"id": TEXT, "name": TEXT}, {"type": thing({"id": TEXT}, {"name": TEXT})}, closed=True)),
        "rows": by_key(by_key(several(_TOLD))),
    },
    closed=True,
)
PROPOSED = thing({"type": TEXT, "properties": several(NAMED)}, {"limit": {"type": "integer"}})
SUGGESTED = thing({"result": several(thing({"id": TEXT, "name": TEXT}, {"description": TEXT}, closed=True))})


def faults(answer: Any, schema: Schema) -> list[str]:
    """What an answer does wrong, each with where it does."""
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(answer)]
