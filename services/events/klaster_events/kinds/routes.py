"""The four routes of a noun that is kinds of something."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from klaster_events.kinds.operations import Kinds, record_of
from klaster_events.kinds.repository import order_of
from klaster_shared.access import operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.records import Shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class KindNoun:
    """A collection of kinds: `event_types`, one of it an `event_type`, read by people as `types of events`."""

    path: str
    one: str
    many: str
    titles: tuple[str, str]
    example: str
    kinds: Kinds[Any]
    shapes: Shapes

    @property
    def scope(self) -> str:
        """The noun in scopes: the last part of its path."""
        return self.path.rsplit("/", 1)[-1]


def add_kind_routes(router: APIRouter, noun: KindNoun) -> None:
    """List, add, read and change."""
    code = Annotated[str, Path(max_length=60, examples=[noun.example])]
    _add_collection(router, noun)
    _add_record(router, noun, code)


def _add_collection(router: APIRouter, noun: KindNoun) -> None:
    kinds, shapes = noun.kinds, noun.shapes

    @router.get(
        noun.path,
        operation_id=f"list_{noun.many}",
        summary=f"List {noun.titles[0]}",
        response_model=Page[shapes.read],  # type: ignore[name-defined]
        **operation(role="anonymous", scope=f"{noun.scope}:read"),
    )
    async def list_kinds(
        request: Request,
        session: ReadSession,
        language: ChosenLanguage,
        parameters: Annotated[shapes.parameters, Query()],  # type: ignore[name-defined]
    ) -> Response:
        """By code, each with what figures count it as."""
        rows = await kinds.page(session, parameters=parameters)
        cursor = next_cursor(rows, limit=parameters.limit, order=order_of(kinds.model), key=lambda row: (row.code,))
        total = await kinds.count(session, parameters=parameters) if parameters.count else None
        items = [record_of(row, language) for row in rows[: parameters.limit]]
        return page_answer(request, items, cursor=cursor, total=total)

    @router.post(
        noun.path,
        operation_id=f"create_{noun.one}",
        summary=f"Add {noun.titles[1]}",
        status_code=201,
        response_model=shapes.read,
        **operation(role="office", scope=f"{noun.scope}:write", problems=(409,)),
    )
    async def create_kind(
        request: Request,
        session: WriteSession,
        now: Now,
        language: ChosenLanguage,
        given: shapes.create,  # type: ignore[name-defined]
    ) -> Response:
        """Its code stays for ever; it can be retired later."""
        created = await kinds.create(session, given=given, now=now)
        location = f"{noun.path}/{created.code}"
        return record_answer(request, record_of(created, language), status=201, location=location)


def _add_record(router: APIRouter, noun: KindNoun, code_type: Any) -> None:
    kinds, shapes = noun.kinds, noun.shapes

    @router.get(
        noun.path + "/{code}",
        operation_id=f"get_{noun.one}",
        summary=f"Read {noun.titles[1]}",
        response_model=shapes.read,
        **operation(role="anonymous", scope=f"{noun.scope}:read", problems=(404,)),
    )
    async def get_kind(
        request: Request,
        session: ReadSession,
        language: ChosenLanguage,
        code: code_type,
    ) -> Response:
        """One with its labels."""
        found = await kinds.get(session, code=code)
        return record_answer(request, record_of(found, language))

    @router.patch(
        noun.path + "/{code}",
        operation_id=f"update_{noun.one}",
        summary=f"Change or retire {noun.titles[1]}",
        response_model=shapes.read,
        **operation(role="office", scope=f"{noun.scope}:write", problems=(404, 412, 428)),
    )
    async def update_kind(
        request: Request,
        session: WriteSession,
        now: Now,
        language: ChosenLanguage,
        code: code_type,
        given: shapes.update,  # type: ignore[name-defined]
    ) -> Response:
        """Merge the change into the record (JSON Merge Patch). What is in use is retired, never deleted."""
        found = await kinds.get(session, code=code, held=True)
        require_match(request, found.version)
        changed = await kinds.change(session, kind=found, given=given, now=now)
        return record_answer(request, record_of(changed, language))
