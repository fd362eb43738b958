"""The contract of a service as a file: what is committed, compared and merged."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from klaster_shared.errors import ProblemBody
from klaster_shared.etags import IF_MATCH, MAX_IF_MATCH
from klaster_shared.routing import MAX_LISTED, MAX_VALUE, MAX_VALUES, ServiceRoute
from klaster_shared.settings import PACKAGE_VERSION

MAX_SEGMENT = 200  # of a path: nothing of ours has a longer name
_LIMITS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
_CONVERTOR = re.compile(r"\{(\w+):\w+\}")


def contract_of(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of an app, with the shared problem schema in place of FastAPI's own."""
    if app.openapi_schema is None:
        for route in app.routes:
            if isinstance(route, ServiceRoute):
                route.state_answer()
        document = get_openapi(
            title=app.title,
            version=PACKAGE_VERSION,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
        )
        _drop_default_validation(document)
        _add_problem_schema(document)
        _restore_nulls(document)
        _settle_parameters(document)
        _say_limits(document)
        document["paths"] = {_CONVERTOR.sub(r"{\1}", path): item for path, item in document["paths"].items()}
        _name_security(document)
        _name_headers(document)
        app.openapi_schema = _with_good_names(document)
    return app.openapi_schema


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for item in document["paths"].values() for operation in item.values()]


def _drop_default_validation(document: dict[str, Any]) -> None:
    schemas = document.get("components", {}).get("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    for operation in _operations(document):
        for status, response in operation["responses"].items():
            if response.get("description") == "Problem":
                response["description"] = _PROBLEMS.get(int(status), "Problem")


def _add_problem_schema(document: dict[str, Any]) -> None:
    """The shape that every operation's problems refer to."""
    _, found = models_json_schema([(ProblemBody, "serialization")], ref_template="#/components/schemas/{model}")
    document.setdefault("components", {}).setdefault("schemas", {}).update(found["$defs"])


def _settle_parameters(document: dict[str, Any]) -> None:
    """A parameter is there or not, never null; and what the toolbox bounds for every route is said of each."""
    for operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            schema = parameter["schema"] = _without_null(parameter["schema"])
            if schema.get("type") == "array":
                schema["maxItems"] = min(schema.get("maxItems", MAX_VALUES), MAX_VALUES)
                schema["items"] = _bounded(schema["items"], MAX_LISTED)
            parameter["schema"] = _bounded(schema, MAX_SEGMENT if parameter["in"] == "path" else MAX_VALUE)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = schema.get("anyOf", ())
    if {"type": "null"} not in choices:
        return schema
    kept = [choice for choice in choices if choice != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**kept[0], **rest} if len(kept) == 1 else {"anyOf": kept, **rest}


def _bounded(schema: dict[str, Any], limit: int) -> dict[str, Any]:
    open_text = schema.get("type") == "string" and not {"maxLength", "enum", "const", "format", "pattern"} & set(schema)
    return {**schema, "maxLength": limit} if open_text else schema


def _say_limits(part: Any) -> None:
    """Limits of numbers by their names in JSON Schema: Pydantic leaves its own beside what looks at a value first."""
    if isinstance(part, dict):
        if part.get("type") in ("integer", "number"):
            for name in _LIMITS.keys() & part.keys():
                part[_LIMITS[name]] = part.pop(name)
        elif part.get("type") == "string":  # a day: JSON Schema has no name for its limits
            for name in _LIMITS.keys() & part.keys():
                del part[name]
        for each in part.values():
            _say_limits(each)
    elif isinstance(part, list):
        for each in part:
            _say_limits(each)


def _restore_nulls(document: dict[str, Any]) -> None:
    """Examples as their shapes state them: FastAPI drops every null of a document, and theirs with it."""
    stated: dict[str, list[Any]] = {}
    for shape in _shapes(BaseModel):
        extra = shape.model_config.get("json_schema_extra")
        if isinstance(extra, dict) and "examples" in extra:
            stated.setdefault(shape.__name__, []).append(extra["examples"])
    for schema in document.get("components", {}).get("schemas", {}).values():
        for examples in stated.get(schema.get("title", ""), ()):
            if schema.get("examples") == _without_nulls(examples):
                schema["examples"] = examples


def _shapes(above: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for shape in above.__subclasses__():
        yield shape
        yield from _shapes(shape)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


_PROBLEMS = {
    400: "The request cannot be read",
    401: "A key or token is needed",
    403: "The role does not allow this",
    404: "There is nothing here",
    409: "Collides with what is already there",
    412: "The record has changed since it was read",
    413: "The body is too large",
    422: "Holds values that cannot be accepted; `errors` names each",
    428: "If-Match is needed",
    503: "A part is not available at the moment",
}


def _name_security(document: dict[str, Any]) -> None:
    """Public operations say so: an empty requirement beside the bearer token."""
    for operation in _operations(document):
        role = operation.get("x-klaster-role")
        if role is None:
            continue
        bearer: list[dict[str, list[str]]] = [{"HTTPBearer": []}]
        operation["security"] = [{}, *bearer] if role == "anonymous" else bearer


_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Sent again with the same key and payload, the first answer is repeated for 24 hours",
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "maxLength": MAX_IF_MATCH, "pattern": IF_MATCH, "examples": ['"3.pl"', "*"]},
    "description": "The ETag of the record as you read it; 412 when it has changed since, 428 when absent",
}


def _name_headers(document: dict[str, Any]) -> None:
    """Headers that the toolbox reads for every route, and FastAPI therefore does not see."""
    for item in document["paths"].values():
        for method, operation in item.items():
            if method == "post" and not operation.get("x-klaster-reads"):
                operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
                operation["responses"].setdefault("409", _problem(409))
            if "428" in operation["responses"]:
                operation.setdefault("parameters", []).append(_IF_MATCH)


def _problem(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {"description": _PROBLEMS[status], "content": content}


_GENERIC = re.compile(r"(\w+?)_(\w+)_")  # Page_EntityRead_
_QUALIFIED = re.compile(r"klaster_\w+?__(\w+?)__\w+__(\w+)")  # klaster_registry__projects__schemas__ValueRead


def _good_name(name: str) -> str:
    """A shape's name as a generated client has it: `EntityReadPage`, `ProjectsValueRead`, `GoalInput`."""
    if found := _QUALIFIED.fullmatch(name):
        return found[1].title().replace("_", "") + found[2]
    if found := _GENERIC.fullmatch(name):
        return f"{found[2]}{found[1]}"
    return name.replace("-", "")


def _with_good_names(document: dict[str, Any]) -> dict[str, Any]:
    """Every shape under a name of its own, which is its title too: generators name classes by either."""
    schemas = document.get("components", {}).get("schemas", {})
    names = {name: _good_name(name) for name in schemas}
    assert len(set(names.values())) == len(names), "two shapes would have one name"
    for name, schema in schemas.items():
        schema["title"] = names[name]
    document["components"]["schemas"] = {names[name]: schema for name, schema in schemas.items()}
    _refer(document, {f"#/components/schemas/{old}": f"#/components/schemas/{new}" for old, new in names.items()})
    return document


def _refer(value: Any, names: Mapping[str, str]) -> None:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            value["$ref"] = names.get(reference, reference)
        for item in value.values():
            _refer(item, names)
    elif isinstance(value, list):
        for item in value:
            _refer(item, names)


def contract_text(app: FastAPI) -> str:
    """The contract as it is committed."""
    return json.dumps(contract_of(app), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
