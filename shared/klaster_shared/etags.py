"""Conditional requests: strong ETags, 304, If-Match (RFC 9110)."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic_core import to_json

from klaster_shared.errors import Invalid, PreconditionFailed, PreconditionRequired

VARY = "Accept-Language"
MAX_IF_MATCH = 1000
IF_MATCH = r'^(\*|(W/)?"[^"]*"(, ?(W/)?"[^"]*")*)$'
_TAGS = re.compile(r'\*|(W/)?"[^"]*"(\s*,\s*(W/)?"[^"]*")*')


def record_etag(version: int, variant: str = "") -> str:
    """The ETag of one record: its version, and the variant (language) it was written in."""
    return f'"{version}.{variant}"' if variant else f'"{version}"'


def content_etag(content: bytes) -> str:
    """The ETag of bytes as they are."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def require_match(request: Request, version: int) -> None:
    """Refuse a change of a record that the caller has not seen in its present state.

    Raises PreconditionRequired without If-Match, PreconditionFailed when it names another version.
    """
    header = request.headers.get("if-match")
    if header is None:
        raise PreconditionRequired("Send If-Match with the ETag of the record as you read it")
    if len(header) > MAX_IF_MATCH or not _TAGS.fullmatch(header.strip()):
        raise Invalid.field("header/If-Match", "if_match", 'If-Match holds ETags as they were sent, like "3.pl", or *')
    if header.strip() == "*":
        return
    # Languages are variants of one version: whoever read the Polish record may change it.
    versions = {tag.strip().strip('"').split(".")[0] for tag in header.split(",")}
    if str(version) not in versions:
        raise PreconditionFailed(f"The record is at version {version} by now: read it again")


def is_unchanged(request: Request, etag: str) -> bool:
    """Whether the caller already holds this representation (weak comparison, as GET asks for)."""
    header = request.headers.get("if-none-match")
    if header is None:
        return False
    return header.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in header.split(",")}


def conditional_json(
    request: Request,
    content: Any,
    *,
    etag: str | None = None,
    public: bool = True,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Answer with JSON (bytes are sent as they are), or with 304 where the caller has it already.

    `public` answers may be kept by caches, but are revalidated each time; others are never stored.
    """
    body = content if isinstance(content, bytes) else to_json(content)
    tag = etag or content_etag(body)
    cache = "public, no-cache" if public else "private, no-store"
    known = {"ETag": tag, "Cache-Control": cache, "Vary": VARY, **(headers or {})}
    if is_unchanged(request, tag):
        return Response(status_code=304, headers=known)
    return Response(body, status, known, media_type="application/json")
