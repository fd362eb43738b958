"""The merged contract and its documentation; every asset is our own, so it works offline."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from klaster_gateway.contract.committed import contract_bytes
from klaster_shared.etags import conditional_json

_FOLDER = Path(__file__).parent
# Nothing from elsewhere; the page's styles are partly written by its own script.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, no-cache",
}

router = APIRouter(include_in_schema=False)


@router.get("/")
async def go_to_documentation() -> RedirectResponse:
    """Whoever comes with a browser wants to read."""
    return RedirectResponse("/docs", 307)


@router.get("/openapi.json")
async def get_contract(request: Request) -> Response:
    """The merged contract."""
    return conditional_json(request, contract_bytes(), headers={"Access-Control-Allow-Origin": "*"})


@router.get("/docs")
async def get_documentation() -> Response:
    """Swagger UI over the merged contract."""
    return Response((_FOLDER / "docs.html").read_bytes(), headers=PAGE_HEADERS, media_type="text/html")


def mount_assets(app: FastAPI) -> None:
    """Scripts and styles of the documentation, below /docs."""
    app.mount("/docs/assets", StaticFiles(directory=_FOLDER / "assets"), name="docs-assets")
