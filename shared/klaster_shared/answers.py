"""Answers with one record, and with one page of records."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic_core import to_json

from klaster_shared.etags import conditional_json, content_etag
from klaster_shared.pagination import next_link


def record_answer(
    request: Request,
    record: Mapping[str, Any],
    *,
    status: int = 200,
    location: str | None = None,
    public: bool = True,
) -> Response:
    """A record that names others (its owner) or depends on the day: its ETag is its version and what it says."""
    body = to_json(record)
    etag = f'"{record["version"]}.{content_etag(body)[1:-1]}"'
    return conditional_json(
        request,
        body,
        etag=etag,
        headers={"Location": location} if location else None,
        status=status,
        public=public,
    )


def page_answer(
    request: Request,
    items: Sequence[Mapping[str, Any]],
    *,
    cursor: str | None,
    total: int | None,
    public: bool = True,
) -> Response:
    """A page of a list; `total` only where it was counted."""
    page: dict[str, Any] = {"items": items, "next": cursor}
    if total is not None:
        page["total"] = total
    return conditional_json(request, page, headers=next_link(request, cursor), public=public)
