"""Reviews over HTTP."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from klaster_indicators.reviews import operations
from klaster_indicators.reviews.applying import apply_review
from klaster_indicators.reviews.repository import ORDER
from klaster_indicators.reviews.schemas import (
    ReviewApplication,
    ReviewCreate,
    ReviewListParameters,
    ReviewRead,
    ReviewUpdate,
)
from klaster_shared.access import operation
from klaster_shared.answers import record_answer
from klaster_shared.dependencies import Now, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage
from klaster_shared.records import Noun, Rules, Shapes, add_record_routes
from klaster_shared.routing import api_router

router = api_router("reviews")
add_record_routes(
    router,
    Noun(
        path="/v1/reviews",
        one="review",
        many="reviews",
        titles=("reviews of the strategy", "a review of the strategy"),
        about="Sessions of the council with their decisions, the newest first.",
        shapes=Shapes(create=ReviewCreate, update=ReviewUpdate, read=ReviewRead, parameters=ReviewListParameters),
        order=ORDER,
        rules=Rules(
            page=operations.list_reviews,
            count=operations.count_reviews,
            get=operations.get_review,
            create=operations.create_review,
            change=operations.change_review,
            delete=operations.delete_review,
            render=operations.records_of,
        ),
    ),
)


@router.post(
    "/v1/reviews/{record_id:uuid}/apply",
    operation_id="apply_review",
    summary="Write a review's decisions into a draft, and close it",
    response_model=ReviewRead,
    **operation(role="office", scope="reviews:write", problems=(404, 409, 412, 428)),
)
async def apply_to_draft(
    request: Request,
    session: WriteSession,
    now: Now,
    language: ChosenLanguage,
    record_id: UUID,
    given: ReviewApplication,
) -> Response:
    """Corrected goals get their new targets, dropped ones are retired; all of it or nothing. Then it is read-only."""
    review = await operations.get_review(session, record_id=record_id, held=True)
    require_match(request, review.version)
    review = await apply_review(session, review=review, edition_code=given.edition, now=now)
    [rendered] = await operations.records_of(session, records=[review], language=language)
    return record_answer(request, rendered)
