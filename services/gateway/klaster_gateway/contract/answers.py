"""What every operation may answer besides its own: what the door says, as one response each that all refer to."""

from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]
PROBLEM = "application/problem+json"

# What any operation may answer, whoever calls it: said by the door before a service is asked, or instead of it.
EVERYWHERE = (400, 401, 403, 414, 422, 429, 431, 500, 502, 503, 504)
# Those with a body may find it too large, or of another kind than they read.
WITH_BODY = (413, 415)
NAMES = {
    400: ("Malformed", "The request cannot be read"),
    401: ("Unauthenticated", "A key or token is needed, or the one that was sent is not good"),
    403: ("Forbidden", "The role does not allow this"),
    404: ("NotFound", "There is nothing here"),
    406: ("NotAcceptable", "There is no representation of the kind that was asked for"),
    409: ("Conflict", "Collides with what is already there"),
    410: ("Gone", "What was here is here no more"),
    412: ("PreconditionFailed", "The record has changed since it was read"),
    413: ("TooLarge", "The body is too large"),
    414: ("TargetTooLong", "Path and query are too long"),
    415: ("UnsupportedMediaType", "The operation does not read this kind of body"),
    422: ("Invalid", "Holds values that cannot be accepted; `errors` names each"),
    428: ("PreconditionRequired", "If-Match is needed"),
    429: ("TooManyRequests", "Asked too often; `Retry-After` says when to come back"),
    431: ("HeadersTooLarge", "The headers are too large"),
    500: ("InternalError", "Something failed on our side"),
    502: ("BadGateway", "The service behind gave an answer that makes no sense"),
    503: ("Unavailable", "A part is not available at the moment; `Retry-After` says when to come back"),
    504: ("GatewayTimeout", "The service behind did not answer in time"),
}
_BUSY = frozenset({429, 503})
_STRUCTURED = r'^"[a-z_]+"(;[a-z]+=[0-9]+)+$'

HEADERS: Document = {
    "RateLimit": {
        "description": "What is left of the quota, and the seconds until it is whole again",
        "schema": {
            "type": "string",
            "maxLength": 100,
            "pattern": _STRUCTURED,
            "examples": ['"integrator";r=5990;t=17'],
        },
    },
    "RateLimit-Policy": {
        "description": "The quota that this call counts against, and its window in seconds",
        "schema": {
            "type": "string",
            "maxLength": 100,
            "pattern": _STRUCTURED,
            "examples": ['"integrator";q=6000;w=60'],
        },
    },
    "Retry-After": {
        "description": "Seconds to wait before asking again",
        "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 86400, "examples": [17]},
    },
    "Access-Control-Allow-Origin": {
        "description": "`*` on public reads; elsewhere the page's own origin, where it is one that is configured",
        "schema": {"type": "string", "maxLength": 300, "pattern": r"^(\*|https?://.+)$", "examples": ["*"]},
    },
    "X-Request-ID": {
        "description": "The name of this request, for asking about it",
        "schema": {"type": "string", "maxLength": 128, "pattern": "^[A-Za-z0-9._~-]{1,128}$"},
    },
}
_ON_EVERY = ("RateLimit", "RateLimit-Policy", "Access-Control-Allow-Origin", "X-Request-ID")


def complete_answers(document: Document) -> None:
    """Name every answer that callers of the merged contract may get; problems are the same everywhere, by reference."""
    for item in document["paths"].values():
        for operation in item.values():
            _complete(operation)
    components = document["components"]
    components["headers"] = dict(HEADERS)
    components["responses"] = {name: _problem(status) for status, (name, _text) in NAMES.items()}


def _complete(operation: Document) -> None:
    responses: Document = operation["responses"]
    for status in (*EVERYWHERE, *(WITH_BODY if "requestBody" in operation else ())):
        responses.setdefault(str(status), {})
    for status, response in responses.items():
        if int(status) in NAMES:
            responses[status] = {"$ref": f"#/components/responses/{NAMES[int(status)][0]}"}
        else:
            response["headers"] = {**_headers(_ON_EVERY), **response.get("headers", {})}


def _problem(status: int) -> Document:
    told = (*_ON_EVERY, "Retry-After") if status in _BUSY else _ON_EVERY
    return {
        "description": NAMES[status][1],
        "headers": _headers(told),
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
    }


def _headers(names: tuple[str, ...]) -> Mapping[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
