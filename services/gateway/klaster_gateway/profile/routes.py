"""Profiles over HTTP."""

from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import Response

from klaster_gateway.clients.neighbours import neighbours_of
from klaster_gateway.composing.reader import Reader
from klaster_gateway.composing.sections import page_answer
from klaster_gateway.profile.composing import compose_profile
from klaster_gateway.profile.schemas import Profile
from klaster_shared.access import operation
from klaster_shared.dependencies import CurrentPrincipal, Today
from klaster_shared.labels import ChosenLanguage
from klaster_shared.routing import api_router

router = api_router("profile")
Reference = Annotated[
    str, Path(max_length=200, examples=["RBW-000073"], description="Id, RBW number, or an identifier: `ror:03bqmcz70`")
]


@router.get(
    "/v1/entities/{reference}/profile",
    summary="An organisation across services, on one page",
    response_model=Profile,
    **operation(role="anonymous", scope="profile:read", problems=(308, 404, 409, 503, 504)),
)
async def get_entity_profile(
    request: Request, reference: Reference, principal: CurrentPrincipal, language: ChosenLanguage, today: Today
) -> Response:
    """Record, projects, laboratories, events and what else names it; the office also sees how often its people came.

    A section whose service is away or late says so itself, and the others are there; only without the record there is
    no page. One that was merged into another answers 308.
    """
    reader = Reader(neighbours=neighbours_of(request.app), principal=principal, language=language, today=today)
    return page_answer(request, await compose_profile(reader, reference=reference), reader=reader)
