"""Exports over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from klaster_registry.exports import operations
from klaster_registry.exports.examples import ROR_LIST
from klaster_registry.exports.negotiation import accepts_gzip, format_of
from klaster_registry.exports.schemas import ExportParameters, Format
from klaster_registry.exports.streaming import Outlet, StreamedExport
from klaster_registry.exports.workbook import MEDIA_TYPE as XLSX
from klaster_registry.exports.writers import Taken
from klaster_shared.access import operation
from klaster_shared.changes import TABLE
from klaster_shared.dependencies import Now, Today, database_of
from klaster_shared.etags import is_unchanged
from klaster_shared.routing import api_router

router = api_router("exports")
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8; header=present",
    "ndjson": "application/x-ndjson",
    "xlsx": XLSX,
    "jsonld": "application/ld+json",
    "ror": "application/json",
}
_SUFFIXES: dict[Format, str] = {"jsonld": "jsonld", "ror": "ror.json"}
_VARY = "Accept, Accept-Encoding"
_CACHE = "private, no-cache"  # by a key; whoever holds one asks whether it is still the same


def _documented() -> dict[str, Any]:
    declared = operation(role="integrator", scope="export:read", problems=(406, 503))
    content: dict[str, Any] = {
        media.partition(";")[0]: {"schema": {"type": "string"}} for media in MEDIA_TYPES.values()
    }
    content[MEDIA_TYPES["jsonld"]] = {"schema": {"type": "object"}}
    content[MEDIA_TYPES["ror"]] = {"schema": ROR_LIST}
    text = {"schema": {"type": "string"}}
    headers = {
        "Klaster-Position": {"description": "Follow the feed from here: no change is missed, none comes twice", **text},
        "Klaster-Left-Out": {"description": "Entities that the format has no room for; of `ror` alone", **text},
        "ETag": {"description": "The same as long as nothing in the export has changed", **text},
    }
    declared["responses"][200] = {"description": "The export", "content": content, "headers": headers}
    declared["responses"][304] = {"description": "The caller has it already"}
    return declared


@router.get(
    "/v1/registry/export",
    operation_id="export_registry",
    summary="The registry, or parts of it, as one file",
    response_class=Response,
    **_documented(),
)
async def export_registry(
    request: Request, now: Now, today: Today, parameters: Annotated[ExportParameters, Query()]
) -> Response:
    """A consistent snapshot of what is public. `Klaster-Position` is the place of the feed at which it was taken:
    `GET /v1/registry/changes?after=<position>` goes on from there without a gap.

    CSV is one table of UTF-8 (RFC 4180); NDJSON one record a line with its collection; XLSX a sheet for each
    collection; JSON-LD organisations in the words of schema.org; `ror` those that have a valid ROR id and a place of
    GeoNames, as ROR writes them. Texts that a spreadsheet would take for formulas begin with an apostrophe in CSV and
    XLSX. An export that broke off is resumed by asking for the collections that are missing.
    """
    asked = operations.resolve(parameters, otherwise=format_of(request.headers.get("accept")))
    database, table = database_of(request), request.app.state.metadata.tables[TABLE]
    gzip = asked.format != "xlsx" and accepts_gzip(request.headers.get("accept-encoding"))

    def etag(position: int) -> str:
        return asked.etag(position, today=today, encoding="gzip" if gzip else "")

    if "if-none-match" in request.headers:
        unchanged = etag(await operations.position_of(database, table))
        if is_unchanged(request, unchanged):
            known = {"ETag": unchanged, "Cache-Control": _CACHE, "Vary": _VARY}
            return Response(status_code=304, headers=known)

    def headers(taken: Taken) -> Mapping[str, str]:
        suffix = _SUFFIXES.get(asked.format, asked.format)
        subject = "-".join(asked.collections) if len(asked.collections) == 1 else "registry"
        told = {
            "Content-Type": MEDIA_TYPES[asked.format],
            "Content-Disposition": f'attachment; filename="{subject}-{taken.position}.{suffix}"',
            "ETag": etag(taken.position),
            "Cache-Control": _CACHE,
            "Vary": _VARY,
            "Klaster-Position": str(taken.position),
        }
        told |= {"Content-Encoding": "gzip"} if gzip else {}
        return told if taken.left_out is None else {**told, "Klaster-Left-Out": str(taken.left_out)}

    async def produce(outlet: Outlet) -> None:
        await operations.write_export(database, asked=asked, table=table, sink=outlet, today=today, now=now)

    return StreamedExport(produce, headers=headers, compressed=gzip, places=request.app.state.export_places)
