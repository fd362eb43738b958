"""Routes that answer programs with JSON and browsers with pages, problems included."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ValidationError

from klaster_events.own.pages import problem_page
from klaster_events.pages.framing import PRIVATE, spoken, wants_page
from klaster_shared.errors import Malformed, Problem, UnsupportedMediaType, as_problem, problem_response
from klaster_shared.routing import Handler, ServiceRoute

_FORM = "application/x-www-form-urlencoded"
Shape = TypeVar("Shape", bound=BaseModel)
ProblemPage = Callable[[Request, Problem], Response]


class ShownProblem(Exception):  # noqa: N818 # a problem, to be shown as a page
    """Raised instead of a problem where a browser asks: what was begun is undone, then the page is made."""

    def __init__(self, problem: Problem, page: ProblemPage) -> None:
        super().__init__(problem.detail)
        self.problem, self.page = problem, page


class PageRoute(ServiceRoute):
    """A route whose problems are pages for browsers."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await handle(request)
            except (Problem, RequestValidationError) as error:
                if not wants_page(request):
                    raise
                raise ShownProblem(as_problem(error), self.shown_as) from error

        return handler

    def shown_as(self, request: Request, problem: Problem) -> Response:
        """The page of a problem; other pages than those of registrations say it in their own words."""
        return problem_page(request, problem)


async def _show(request: Request, error: Exception) -> Response:
    if isinstance(error, ShownProblem):
        return error.page(request, error.problem)
    return problem_response(as_problem(error), request.url.path)


def show_problems(app: FastAPI) -> None:
    """Make the pages of problems where they were raised."""
    app.add_exception_handler(ShownProblem, _show)


def sent_by_form(request: Request) -> bool:
    """Whether the body is a form's: then the answer leads back to the page."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM


def back_to_page(request: Request, token: str) -> Response:
    """The answer to a form: the page, read anew. Reloading it sends nothing a second time."""
    location = f"/v1/registration-links/{token}?lang={spoken(request)}"
    return RedirectResponse(location, 303, PRIVATE)


async def body_of(request: Request, shape: type[Shape], *, lists: frozenset[str] = frozenset()) -> Shape:
    """The body, as JSON or as a form; raises UnsupportedMediaType, Malformed or RequestValidationError."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    try:
        if kind == _FORM:
            return shape.model_validate(await _form(request, lists))
        if kind == "application/json":
            return shape.model_validate_json(await request.body())
    except ValidationError as error:
        raise _refusal(error) from error
    raise UnsupportedMediaType(f"Send application/json, or {_FORM} as browsers do")


def _refusal(error: ValidationError) -> Exception:
    found = error.errors(include_url=False)
    if any(one["type"] == "json_invalid" for one in found):
        return Malformed("The body is not valid JSON")
    return RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in found])


async def _form(request: Request, lists: frozenset[str]) -> Mapping[str, Any]:
    given: dict[str, Any] = {name: [] for name in lists}
    await request.body()  # kept, since an Idempotency-Key is compared with it after the form has been read
    async with request.form(max_files=0, max_fields=200) as form:
        for name, value in form.multi_items():
            if name in lists:
                given[name].append(value)
            else:
                given[name] = value
    return given
