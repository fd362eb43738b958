"""Errors as values, and the one place that renders them (RFC 9457 problem details)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, TypedDict

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import PydanticCustomError
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from klaster_shared.logs import current_request_id

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger(__name__)


class FieldError(TypedDict):
    """One wrong place of a request: where (JSON Pointer or `query/<name>`), which rule, in words."""

    pointer: str
    code: str
    detail: str


class Problem(Exception):  # noqa: N818 # the standard's own word
    """What can go wrong, as a value: subclasses name code, status and title; the instance says the rest."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something failed on our side"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.extensions = extensions


class Invalid(Problem):
    """The request is well-formed, but what it says cannot be accepted."""

    code, status, title = "invalid", 422, "The request holds values that cannot be accepted"

    @classmethod
    def field(cls, pointer: str, code: str, detail: str) -> "Invalid":
        """One wrong field: `pointer` is a JSON Pointer into the body, or `query/<name>`."""
        return cls(detail, errors=[FieldError(pointer=pointer, code=code, detail=detail)])


def wrong_field(field: str, code: str, detail: str) -> PydanticCustomError:
    """What a validator of a whole shape raises, so that the problem names the field (`seat/city`)."""
    return PydanticCustomError(code, "{detail}", {"field": field, "detail": detail})


class NotFound(Problem):
    code, status, title = "not_found", 404, "There is nothing here"


class MethodNotAllowed(Problem):
    code, status, title = "method_not_allowed", 405, "This method does not apply here"


class Conflict(Problem):
    code, status, title = "conflict", 409, "The request collides with what is already there"


class Unauthenticated(Problem):
    code, status, title = "unauthenticated", 401, "A key or token is needed"


class Forbidden(Problem):
    code, status, title = "forbidden", 403, "Your role does not allow this"


class PositionGone(Problem):
    code, status, title = "position_gone", 410, "The feed does not go on from this position"


class PreconditionRequired(Problem):
    code, status, title = "precondition_required", 428, "If-Match is needed to change a record"


class PreconditionFailed(Problem):
    code, status, title = "precondition_failed", 412, "The record has changed since you read it"


class TooLarge(Problem):
    code, status, title = "too_large", 413, "The body is larger than this operation takes"


class UnsupportedMediaType(Problem):
    code, status, title = "unsupported_media_type", 415, "This operation does not read that media type"


class Malformed(Problem):
    code, status, title = "malformed", 400, "The request cannot be read"


class Unavailable(Problem):
    code, status, title = "unavailable", 503, "This part is not available at the moment"


class UpstreamTimeout(Problem):
    code, status, title = "upstream_timeout", 504, "The service behind did not answer in time"


class UpstreamFailed(Problem):
    code, status, title = "upstream_failed", 502, "The service behind gave an answer that makes no sense"


class TooManyRequests(Problem):
    code, status, title = "too_many_requests", 429, "Too many requests"


class ProblemBody(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(description="Where this type of problem is explained", examples=["/problems/not_found"])
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path that was asked for")
    code: str = Field(description="The last segment of `type`, for programs")
    request_id: str
    errors: list["ProblemError"] = Field(default_factory=list, description="The wrong places, if any")


class ProblemError(BaseModel):
    """One wrong place in the request."""

    pointer: str = Field(examples=["/names/0/value", "query/limit"])
    code: str
    detail: str


def problem_document(problem: Problem, instance: str) -> dict[str, Any]:
    """The document of a problem, ready to be serialised."""
    return {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
        "code": problem.code,
        "request_id": current_request_id(),
        "errors": problem.errors,
        **problem.extensions,
    }


def problem_response(problem: Problem, instance: str) -> JSONResponse:
    """Render a problem; personal or not, an error is never to be cached."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    return JSONResponse(problem_document(problem, instance), problem.status, headers, media_type=MEDIA_TYPE)


_BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind
    for kind in (
        Malformed,
        Unauthenticated,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        Conflict,
        TooLarge,
        UnsupportedMediaType,
        TooManyRequests,
        Unavailable,
    )
}


def _from_status(error: HTTPException) -> Problem:
    kind = _BY_STATUS.get(error.status_code)
    if kind is None:
        phrase = HTTPStatus(error.status_code).phrase
        kind = type("HttpProblem", (Problem,), {"code": "http", "status": error.status_code, "title": phrase})
    detail = str(error.detail)
    is_phrase = detail == HTTPStatus(error.status_code).phrase
    return kind("" if is_phrase else detail, headers=error.headers)


def _pointer(location: Sequence[str | int]) -> str:
    """Where a validation error lies: a JSON Pointer for bodies, `<part>/<name>` for the rest."""
    part, *rest = location
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in rest]
    return "".join(f"/{step}" for step in steps) if part == "body" else "/".join([str(part), *steps])


def _from_validation(error: RequestValidationError) -> Problem:
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return Malformed("The body is not valid JSON", errors=[_field_error(item) for item in found])
    return Invalid(
        f"{len(found)} value{'s' if len(found) > 1 else ''} cannot be accepted: see errors",
        errors=[_field_error(item) for item in found],
    )


def _field_error(item: Mapping[str, Any]) -> FieldError:
    context = item.get("ctx") or {}
    location = (*item["loc"], *context["field"].split("/")) if "field" in context else item["loc"]
    detail = str(item["msg"]).removeprefix("Value error, ")
    return FieldError(pointer=_pointer(location), code=str(item["type"]), detail=detail)


def invalid_values(error: ValidationError, *, under: str) -> Invalid:
    """The problem of a part of the body that a shape of its own refused; `under` is the property that holds it."""
    found = [_field_error({**item, "loc": ("body", under, *item["loc"])}) for item in error.errors(include_url=False)]
    return Invalid(found[0]["detail"], errors=found)


def _from_database(error: Exception) -> Problem:
    if isinstance(error, IntegrityError):
        log.warning("integrity_error", error=str(error.orig))
        return Conflict("A rule of the database refuses this: a value is taken, or something it names does not exist")
    if _is_passing(error):
        log.warning("database_unavailable", error=str(error))
        return Unavailable("The database does not answer at the moment", headers={"Retry-After": "1"})
    log.error("database_error", exc_info=error)
    return Problem()


def _is_passing(error: Exception) -> bool:
    """Whether the same request may well succeed in a second: nothing is wrong with it."""
    if not isinstance(error, DBAPIError) or isinstance(error, OperationalError | InterfaceError):
        return True  # a refused connection and a pool that ran dry come as they are
    # Class 40: rolled back by a deadlock or conflict; 53: out of resources; 57: cancelled, shut down; 55P03: a lock;
    # 25006: a server that only stands by, before a failover or after one.
    state = _sql_state(error)
    return error.connection_invalidated or state[:2] in {"40", "53", "57"} or state in {"55P03", "25006"}


def _sql_state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def was_rolled_back(error: Exception) -> bool:
    """Whether the database undid a transaction for another's sake (a deadlock): at once it may go through."""
    return isinstance(error, DBAPIError) and _sql_state(error).startswith("40")


def as_problem(error: Exception) -> Problem:
    """Turn whatever was raised into the problem that the caller may see; never a stack trace."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return _from_status(error)
    if isinstance(error, RequestValidationError):
        return _from_validation(error)
    if isinstance(error, DBAPIError | PoolTimeoutError | ConnectionError):
        return _from_database(error)
    log.error("unexpected_error", exc_info=error)
    return Problem()


async def _render(request: Request, error: Exception) -> Response:
    return problem_response(as_problem(error), request.url.path)


def install_error_handlers(app: FastAPI) -> None:
    """Render every error of the app as a problem document."""
    for kind in (Problem, HTTPException, RequestValidationError, DBAPIError, PoolTimeoutError, Exception):
        app.add_exception_handler(kind, _render)
