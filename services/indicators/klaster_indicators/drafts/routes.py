"""The parts of an edition's framework over HTTP: the same six routes for each kind."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, create_model

from klaster_indicators.drafts import operations
from klaster_indicators.drafts.kinds import KINDS, Kind
from klaster_indicators.drafts.schemas import RemovedPart, RemovedParts
from klaster_indicators.framework.models import Edition
from klaster_indicators.framework.operations import edition_to_change, edition_with_document
from klaster_indicators.strategy.routes import EditionInPath
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, WriteSession
from klaster_shared.etags import conditional_json, record_etag, require_match
from klaster_shared.routing import api_router

router = api_router("strategy")
ItemInPath = Annotated[str, Path(max_length=60, description="Code of the part", examples=["B.1.1-1"])]
_WRITES = operation(role="office", scope="strategy:write", problems=(404, 409, 412, 428))
_READS = operation(role="anonymous", scope="strategy:read", problems=(404,))


def _add_routes(router: APIRouter, kind: Kind) -> None:
    address = f"/v1/strategy/editions/{{code}}/{kind.many}"
    _add_list(router, kind, address)
    _add_create(router, kind, address)
    _add_read(router, kind, f"{address}/{{item}}")
    _add_replace(router, kind, f"{address}/{{item}}")
    _add_update(router, kind, f"{address}/{{item}}")
    _add_delete(router, kind, f"{address}/{{item}}")


def _add_list(router: APIRouter, kind: Kind, address: str) -> None:
    listed = create_model(
        f"Strategy{kind.many.capitalize()}",
        __doc__=f"The {kind.many} of an edition, in its order.",
        items=(list[kind.shape], ...),  # type: ignore[name-defined]
    )

    @router.get(
        address,
        operation_id=f"list_strategy_{kind.many}",
        summary=f"The {kind.many} of an edition",
        response_model=listed,
        **_READS,
    )
    async def list_parts(request: Request, session: ReadSession, code: EditionInPath) -> Response:
        """In the order and the words of its document, both languages."""
        edition = await edition_with_document(session, code=code)
        items = operations.parts_of(edition, kind=kind)
        return conditional_json(request, {"items": items}, etag=_etag(edition, kind))


def _add_create(router: APIRouter, kind: Kind, address: str) -> None:
    shape = kind.shape

    @router.post(
        address,
        operation_id=f"create_strategy_{kind.one}",
        summary=f"Add {kind.title} to a draft",
        status_code=201,
        response_model=shape,
        **_WRITES,
    )
    async def create_part(
        request: Request,
        session: WriteSession,
        now: Now,
        code: EditionInPath,
        given: shape,  # type: ignore[valid-type]
    ) -> Response:
        """At the end of its kind. If-Match carries the edition's ETag: what was added is checked with all the rest."""
        edition = await edition_to_change(session, code=code)
        require_match(request, edition.version)
        item = _sent(given)
        await operations.add_part(session, edition=edition, kind=kind, item=item, now=now)
        return _part(request, edition, kind, item["code"], created=True)


def _add_read(router: APIRouter, kind: Kind, address: str) -> None:
    @router.get(
        address,
        operation_id=f"get_strategy_{kind.one}",
        summary=f"Read {kind.title} as its edition states it",
        response_model=kind.shape,
        **_READS,
    )
    async def get_part(request: Request, session: ReadSession, code: EditionInPath, item: ItemInPath) -> Response:
        """The words of the document. Its ETag is that of the edition."""
        edition = await edition_with_document(session, code=code)
        return _part(request, edition, kind, item)


def _add_replace(router: APIRouter, kind: Kind, address: str) -> None:
    shape = kind.shape

    @router.put(
        address,
        operation_id=f"put_strategy_{kind.one}",
        summary=f"Say anew what {kind.title} of a draft is",
        response_model=shape,
        **_WRITES,
    )
    async def put_part(
        request: Request,
        session: WriteSession,
        now: Now,
        code: EditionInPath,
        item: ItemInPath,
        given: shape,  # type: ignore[valid-type]
    ) -> Response:
        """Whole, under the same code. What contradicts the rest of the document is refused, with the place."""
        edition = await edition_to_change(session, code=code)
        require_match(request, edition.version)
        await operations.put_part(session, edition=edition, kind=kind, code=item, item=_sent(given), now=now)
        return _part(request, edition, kind, item)


def _add_update(router: APIRouter, kind: Kind, address: str) -> None:
    change = kind.change

    @router.patch(
        address,
        operation_id=f"update_strategy_{kind.one}",
        summary=f"Change some of {kind.title} of a draft",
        response_model=kind.shape,
        **_WRITES,
    )
    async def update_part(
        request: Request,
        session: WriteSession,
        now: Now,
        code: EditionInPath,
        item: ItemInPath,
        given: change,  # type: ignore[valid-type]
    ) -> Response:
        """What is named is replaced whole (labels in both languages, lists); null takes away what may be missing."""
        edition = await edition_to_change(session, code=code)
        require_match(request, edition.version)
        changes = _sent(given)
        await operations.change_part(session, edition=edition, kind=kind, code=item, changes=changes, now=now)
        return _part(request, edition, kind, item)


def _add_delete(router: APIRouter, kind: Kind, address: str) -> None:
    @router.delete(
        address,
        operation_id=f"delete_strategy_{kind.one}",
        summary=f"Take {kind.title} out of a draft",
        response_model=RemovedParts,
        **_WRITES,
    )
    async def delete_part(
        request: Request, session: WriteSession, now: Now, code: EditionInPath, item: ItemInPath
    ) -> Response:
        """What was measured is retired: its observations stay, and so do the words of the last edition that had it."""
        edition = await edition_to_change(session, code=code)
        require_match(request, edition.version)
        removed = await operations.remove_part(session, edition=edition, kind=kind, code=item, now=now)
        read = RemovedParts(items=[_removed(part) for part in removed], version=edition.version)
        return conditional_json(request, read, etag=record_etag(edition.version, f"{kind.many}.{item}"))


def _removed(part: operations.Removed) -> RemovedPart:
    outcome = "retired" if part.observations else "deleted"
    return RemovedPart(kind=part.kind, code=part.code, outcome=outcome, observations=part.observations)


def _sent(given: BaseModel) -> dict[str, Any]:
    return given.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _etag(edition: Edition, kind: Kind, item: str = "") -> str:
    return record_etag(edition.version, f"{kind.many}.{item}")


def _part(request: Request, edition: Edition, kind: Kind, item: str, *, created: bool = False) -> Response:
    read = operations.part_of(edition, kind=kind, code=item)
    location = f"/v1/strategy/editions/{edition.code}/{kind.many}/{item}"
    headers = {"Location": location} if created else None
    return conditional_json(
        request, read, etag=_etag(edition, kind, item), headers=headers, status=201 if created else 200
    )


for _kind in KINDS:
    _add_routes(router, _kind)
