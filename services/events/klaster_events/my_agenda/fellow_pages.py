"""The page of those who take part: whom one should meet, everybody else, and a form to ask each for a meeting."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from klaster_events.editions.records import kind_record
from klaster_events.my_agenda.fellows import Fellows
from klaster_events.my_agenda.operations import Part
from klaster_events.my_agenda.pages import word
from klaster_events.pages.framing import Spoken, framed, spoken


def fellows_page(
    request: Request, part: Part, fellows: Fellows, *, token: str, kind: str | None, cursor: str | None
) -> Response:
    """Suggestions first; `cursor` leads to the next page, `kind` is the one that was asked for."""
    assert part.found is not None, "whoever sees others takes part in an edition"
    event, language = part.own.event, spoken(request, part.own.registration.language)
    kinds = {one["code"]: one for one in (kind_record(kind, language) for kind in part.found[0].kinds)}
    path = f"/v1/registration-links/{token}"
    further = {"lang": language, **({"kind": kind} if kind else {}), "cursor": cursor}
    content = {
        "heading": event.title_pl if language == "pl" else event.title_en,
        "path": path,
        "kinds": list(kinds.values()),
        "kind": kind,
        "suggested": [
            {
                **_card(one["participant"], fellows, kinds, language),
                "reasons": [each["reason"] for each in one["features"]],
            }
            for one in fellows.suggested
        ],
        "others": [_card(one, fellows, kinds, language) for one in fellows.records],
        "further": f"{path}/participants?{urlencode(further)}" if cursor else None,
    }
    return framed(Path(__file__).parent, language, content, page="fellows.html")


def _card(
    record: dict[str, Any],
    fellows: Fellows,
    kinds: dict[str, Any],
    language: Spoken,
    *,
    reasons: Sequence[str] = (),
) -> dict[str, Any]:
    kind = kinds.get(record["kind"], {"name": record["kind"]})["name"]
    entity = record["entity"]["name"] if record["entity"] else None
    state = fellows.met.get(record["id"])
    return {
        "id": record["id"],
        "whom": ", ".join(part for part in (record["name"], entity) if part) or kind,
        "kind": kind,
        "about": record["about"],
        "seeks": ", ".join(record["seeks"]),
        "offers": ", ".join(record["offers"]),
        "fields": ", ".join(record["fields"]),
        "reasons": reasons,
        "state": word(f"met_{state}", language) if state else None,
        "may_ask": state is None and record["kind"] in fellows.askable,
    }
