"""Merging over HTTP."""

from fastapi import Request
from fastapi.responses import Response

from klaster_registry.entities.routes import Reference, answer
from klaster_registry.entities.schemas import EntityRead
from klaster_registry.entities.steps.routes import AtMoment
from klaster_registry.merging import operations
from klaster_registry.merging.schemas import MergeIn
from klaster_shared.access import operation
from klaster_shared.dependencies import WriteSession
from klaster_shared.routing import api_router

router = api_router("entities")


@router.post(
    "/v1/entities/{reference}/merge",
    summary="Merge an entity into another",
    response_model=EntityRead,
    operation_id="merge_entity",
    **operation(role="office", scope="entities:write", problems=(404, 409)),
)
async def merge_entity(
    request: Request, session: WriteSession, moment: AtMoment, reference: Reference, given: MergeIn
) -> Response:
    """The answer is the survivor. The id and the number of the other lead to it for ever; memberships, identifiers,
    laboratories and whatever else names it go over."""
    return answer(request, await operations.merge_entity(session, reference=reference, given=given, moment=moment))
