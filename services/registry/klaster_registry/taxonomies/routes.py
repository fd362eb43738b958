"""Taxonomies over HTTP: collections of one shape. A noun that asks more of its codes lists them itself."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from klaster_registry.taxonomies import operations
from klaster_registry.taxonomies.operations import Taxonomy
from klaster_registry.taxonomies.repository import ORDER
from klaster_registry.taxonomies.schemas import TermCreate, TermListParameters, TermRead, TermUpdate
from klaster_shared.access import Role, operation
from klaster_shared.answers import page_answer
from klaster_shared.changes import TABLE
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, Today, WriteSession
from klaster_shared.etags import conditional_json, record_etag, require_match
from klaster_shared.history import KnownAt, RevisionsPage, in_language, known_record, revisions_page
from klaster_shared.labels import ChosenLanguage
from klaster_shared.pagination import Page, PageParameters, next_cursor, next_link
from klaster_shared.routing import api_router

router = api_router("taxonomies")
CodeInPath = Annotated[str, Path(max_length=60, examples=["BIOF"])]


def add_list(router: APIRouter, *, path: str, taxonomy: Taxonomy) -> None:
    """The list of one taxonomy."""

    @router.get(
        path,
        operation_id=f"list_{taxonomy}",
        summary=f"List {taxonomy.replace('_', ' ')}",
        response_model=Page[TermRead],
        **operation(role="anonymous", scope="taxonomies:read"),
    )
    async def list_terms(
        request: Request,
        session: ReadSession,
        language: ChosenLanguage,
        parameters: Annotated[TermListParameters, Query()],
    ) -> Response:
        """Codes in their order; retired ones too, marked so."""
        rows = await operations.list_terms(session, taxonomy=taxonomy, parameters=parameters)
        cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda term: (term.position, term.code))
        items = [operations.record_of(term, language) for term in rows[: parameters.limit]]
        page: dict[str, object] = {"items": items, "next": cursor}
        if parameters.count:
            page["total"] = await operations.count_terms(session, taxonomy=taxonomy, parameters=parameters)
        return conditional_json(request, page, headers=next_link(request, cursor))


def add_records(
    router: APIRouter,
    *,
    path: str,
    taxonomy: Taxonomy,
    one: str,
    role: Role = "admin",
    noun: str = "taxonomies",
    then: Callable[..., Awaitable[None]] | None = None,
) -> None:
    """Create, read and change one code of a taxonomy; `then(session, today)` settles what hangs on a code's flags."""

    @router.post(
        path,
        operation_id=f"create_{one}",
        summary=f"Add a code to {taxonomy.replace('_', ' ')}",
        status_code=201,
        response_model=TermRead,
        **operation(role=role, scope=f"{noun}:write", problems=(409,)),
    )
    async def create_term(
        request: Request, session: WriteSession, now: Now, language: ChosenLanguage, given: TermCreate
    ) -> Response:
        """Add a code. It stays for ever; it can be retired later."""
        term = await operations.create_term(session, taxonomy=taxonomy, given=given, now=now)
        return conditional_json(
            request,
            operations.record_of(term, language),
            etag=record_etag(term.version, language),
            headers={"Location": f"{path}/{term.code}"},
            status=201,
        )

    @router.get(
        path + "/{code}",
        operation_id=f"get_{one}",
        summary=f"Read one of {taxonomy.replace('_', ' ')}",
        response_model=TermRead,
        **operation(role="anonymous", scope=f"{noun}:read", problems=(404,)),
    )
    async def get_term(
        request: Request,
        session: ReadSession,
        principal: CurrentPrincipal,
        language: ChosenLanguage,
        code: CodeInPath,
        known_at: KnownAt = None,
    ) -> Response:
        """One code with its labels and flags; `known_at` asks what we had recorded at an instant."""
        if known_at is not None:
            log = request.app.state.metadata.tables[TABLE]
            found = await known_record(
                session, log, collection=taxonomy, record_id=code, at=known_at, role=principal.role
            )
            return conditional_json(request, in_language(found, language))
        term = await operations.get_term(session, taxonomy=taxonomy, code=code)
        return conditional_json(request, operations.record_of(term, language), etag=record_etag(term.version, language))

    @router.get(
        path + "/{code}/history",
        operation_id=f"list_{one}_history",
        summary=f"Who changed what in one of {taxonomy.replace('_', ' ')}",
        response_model=RevisionsPage,
        **operation(role="anonymous", scope=f"{noun}:read", problems=(404,)),
    )
    async def list_history(
        request: Request,
        session: ReadSession,
        principal: CurrentPrincipal,
        code: CodeInPath,
        parameters: Annotated[PageParameters, Query()],
    ) -> Response:
        """Newest first. Who it was, the office alone is told."""
        log = request.app.state.metadata.tables[TABLE]
        items, cursor = await revisions_page(
            session, log, collection=taxonomy, record_id=code, role=principal.role, asked=parameters
        )
        return page_answer(request, items, cursor=cursor, total=None, public=False)

    @router.patch(
        path + "/{code}",
        operation_id=f"update_{one}",
        summary=f"Change or retire one of {taxonomy.replace('_', ' ')}",
        response_model=TermRead,
        **operation(role=role, scope=f"{noun}:write", problems=(404, 412, 428)),
    )
    async def update_term(
        request: Request,
        session: WriteSession,
        now: Now,
        today: Today,
        language: ChosenLanguage,
        code: CodeInPath,
        given: TermUpdate,
    ) -> Response:
        """Merge the change into the record. Codes in use are retired, never deleted."""
        term = await operations.get_term(session, taxonomy=taxonomy, code=code, held=True)
        require_match(request, term.version)
        term = await operations.change_term(session, taxonomy=taxonomy, term=term, given=given, now=now)
        if then is not None:
            await then(session, today=today)
        return conditional_json(request, operations.record_of(term, language), etag=record_etag(term.version, language))


_COLLECTIONS: tuple[tuple[str, Taxonomy, str], ...] = (
    ("/v1/interest-groups", "interest_groups", "interest_group"),
    ("/v1/sectors", "sectors", "sector"),
    ("/v1/markets", "markets", "market"),
    ("/v1/kinds", "kinds", "kind"),
    ("/v1/person-roles", "person_roles", "person_role"),
)
for _path, _taxonomy, _one in _COLLECTIONS:
    add_list(router, path=_path, taxonomy=_taxonomy)
    add_records(router, path=_path, taxonomy=_taxonomy, one=_one)
