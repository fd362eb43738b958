"""Routes of a plain noun, written once: list, add, read, change, delete, history. What a noun means is its own."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from klaster_shared.access import Role, operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.changes import TABLE
from klaster_shared.dates import Day
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, Today, WriteSession
from klaster_shared.etags import conditional_json, require_match
from klaster_shared.history import KnownAt, RevisionsPage, in_language, known_record, revisions_page
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Order, Page, PageParameters, next_cursor

AsOf = Annotated[Day | None, Query(description="The day that what holds for a time is asked for; today")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """A noun's wire shapes."""

    create: type[BaseModel]
    update: type[BaseModel]
    read: type[BaseModel]
    parameters: type[PageParameters]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A noun's operations, each with the session in front and the rest by keyword.

    page(parameters, today) gives one row more where there is more; count(parameters, today) gives how many there are
    and how many of them are demonstration data; get(record_id, held) raises the noun's NotFound;
    create(given, now); change(record, given, now); delete(record); render(records, day, language) gives what is
    written in answers; render_page(records, parameters, today, language) what is written in lists, where that depends
    on more than the day asked for.
    """

    page: Callable[..., Awaitable[Sequence[Any]]]
    count: Callable[..., Awaitable[tuple[int, int]]]
    get: Callable[..., Awaitable[Any]]
    create: Callable[..., Awaitable[Any]]
    change: Callable[..., Awaitable[Any]]
    delete: Callable[..., Awaitable[None]]
    render: Callable[..., Awaitable[list[dict[str, Any]]]]
    render_page: Callable[..., Awaitable[list[dict[str, Any]]]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A collection: `labs`, one of it a `lab`, read by people as `laboratories` and `a laboratory`."""

    path: str
    one: str
    many: str
    titles: tuple[str, str]
    shapes: Shapes
    rules: Rules
    order: Sequence[Order]
    about: str
    reader: Role = "anonymous"
    writer: Role = "office"

    @property
    def scope(self) -> str:
        """The noun in scopes: the last part of its path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def public(self) -> bool:
        """Whether answers may be kept by shared caches."""
        return self.reader == "anonymous"


def add_record_routes(router: APIRouter, noun: Noun) -> None:
    """The six routes of a plain noun."""
    _add_list(router, noun)
    _add_create(router, noun)
    _add_read(router, noun)
    _add_update(router, noun)
    _add_delete(router, noun)
    add_history_route(
        router,
        path=noun.path + "/{record_id:uuid}",
        one=noun.one,
        title=noun.titles[1],
        collection=noun.many,
        reader=noun.reader,
        scope=noun.scope,
    )


def _add_list(router: APIRouter, noun: Noun) -> None:
    shapes, rules = noun.shapes, noun.rules

    @router.get(
        noun.path,
        operation_id=f"list_{noun.many}",
        summary=f"List {noun.titles[0]}",
        description=noun.about,
        response_model=Page[shapes.read],  # type: ignore[name-defined]
        **operation(role=noun.reader, scope=f"{noun.scope}:read"),
    )
    async def list_records(
        request: Request,
        session: ReadSession,
        today: Today,
        language: ChosenLanguage,
        parameters: Annotated[shapes.parameters, Query()],  # type: ignore[name-defined]
    ) -> Response:
        rows = await rules.page(session, parameters=parameters, today=today)
        cursor = next_cursor(rows, limit=parameters.limit, order=noun.order, key=lambda row: _values(row, noun.order))
        total = None
        if parameters.count:
            total, _ = await rules.count(session, parameters=parameters, today=today)
        shown = rows[: parameters.limit]
        if rules.render_page is not None:
            items = await rules.render_page(
                session, records=shown, parameters=parameters, today=today, language=language
            )
        else:
            day = getattr(parameters, "as_of", None) or today
            items = await rules.render(session, records=shown, day=day, language=language)
        return page_answer(request, items, cursor=cursor, total=total, public=noun.public)


def _values(row: Any, order: Sequence[Order]) -> list[Any]:
    return [getattr(row, part.column.key or "") for part in order]


def _add_create(router: APIRouter, noun: Noun) -> None:
    shapes, rules = noun.shapes, noun.rules

    @router.post(
        noun.path,
        operation_id=f"create_{noun.one}",
        summary=f"Add {noun.titles[1]}",
        status_code=201,
        response_model=shapes.read,
        **operation(role=noun.writer, scope=f"{noun.scope}:write", problems=(404, 409)),
    )
    async def create_record(
        request: Request,
        session: WriteSession,
        now: Now,
        today: Today,
        language: ChosenLanguage,
        given: shapes.create,  # type: ignore[name-defined]
    ) -> Response:
        """What is not known is left out, never guessed."""
        record = await rules.create(session, given=given, now=now)
        [rendered] = await rules.render(session, records=[record], day=today, language=language)
        return record_answer(request, rendered, status=201, location=f"{noun.path}/{record.id}", public=noun.public)


def _add_read(router: APIRouter, noun: Noun) -> None:
    rules = noun.rules

    @router.get(
        noun.path + "/{record_id:uuid}",
        operation_id=f"get_{noun.one}",
        summary=f"Read {noun.titles[1]}",
        response_model=noun.shapes.read,
        **operation(role=noun.reader, scope=f"{noun.scope}:read", problems=(404,)),
    )
    async def get_record(
        request: Request,
        session: ReadSession,
        principal: CurrentPrincipal,
        today: Today,
        language: ChosenLanguage,
        record_id: UUID,
        as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> Response:
        """`as_of` asks what held on a day; `known_at` what we had recorded at an instant."""
        if known_at is not None:
            found = await known_record(
                session,
                request.app.state.metadata.tables[TABLE],
                collection=noun.many,
                record_id=str(record_id),
                at=known_at,
                role=principal.role,
            )
            return conditional_json(request, in_language(found, language), public=noun.public)
        record = await rules.get(session, record_id=record_id)
        [rendered] = await rules.render(session, records=[record], day=as_of or today, language=language)
        return record_answer(request, rendered, public=noun.public)


def _add_update(router: APIRouter, noun: Noun) -> None:
    shapes, rules = noun.shapes, noun.rules

    @router.patch(
        noun.path + "/{record_id:uuid}",
        operation_id=f"update_{noun.one}",
        summary=f"Change {noun.titles[1]}",
        response_model=shapes.read,
        **operation(role=noun.writer, scope=f"{noun.scope}:write", problems=(404, 409, 412, 428)),
    )
    async def update_record(
        request: Request,
        session: WriteSession,
        now: Now,
        today: Today,
        language: ChosenLanguage,
        record_id: UUID,
        given: shapes.update,  # type: ignore[name-defined]
    ) -> Response:
        """Merge the change into the record (JSON Merge Patch): lists are replaced as a whole."""
        record = await rules.get(session, record_id=record_id, held=True)
        require_match(request, record.version)
        record = await rules.change(session, record=record, given=given, now=now)
        [rendered] = await rules.render(session, records=[record], day=today, language=language)
        return record_answer(request, rendered, public=noun.public)


def _add_delete(router: APIRouter, noun: Noun) -> None:
    rules = noun.rules

    @router.delete(
        noun.path + "/{record_id:uuid}",
        operation_id=f"delete_{noun.one}",
        summary=f"Delete {noun.titles[1]}",
        status_code=204,
        **operation(role=noun.writer, scope=f"{noun.scope}:write", problems=(404, 409, 412, 428)),
    )
    async def delete_record(request: Request, session: WriteSession, record_id: UUID) -> Response:
        """Remove the record; the feed keeps a tombstone."""
        record = await rules.get(session, record_id=record_id, held=True)
        require_match(request, record.version)
        await rules.delete(session, record=record)
        return Response(status_code=204)


def add_history_route(
    router: APIRouter, *, path: str, one: str, title: str, collection: str, reader: Role, scope: str
) -> None:
    """`GET <path>/history`: who changed what in one record, newest first. `path` ends with `{record_id:uuid}`."""

    @router.get(
        path + "/history",
        operation_id=f"list_{one}_history",
        summary=f"Who changed what in {title}",
        response_model=RevisionsPage,
        **operation(role=reader, scope=f"{scope}:read", problems=(404,)),
    )
    async def list_history(
        request: Request,
        session: ReadSession,
        principal: CurrentPrincipal,
        record_id: UUID,
        parameters: Annotated[PageParameters, Query()],
    ) -> Response:
        """Newest first. Who it was, the office alone is told; a record that is gone keeps its history."""
        table = request.app.state.metadata.tables[TABLE]
        items, cursor = await revisions_page(
            session, table, collection=collection, record_id=str(record_id), role=principal.role, asked=parameters
        )
        return page_answer(request, items, cursor=cursor, total=None, public=False)
