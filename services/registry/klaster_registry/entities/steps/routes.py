"""Entities over HTTP: their life in the register, cooperation and partnership."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response

from klaster_registry.entities import operations
from klaster_registry.entities.models import Entity
from klaster_registry.entities.registration import Step
from klaster_registry.entities.routes import Reference, answer
from klaster_registry.entities.schemas import EntityRead
from klaster_registry.entities.steps import operations as steps
from klaster_registry.entities.steps.operations import Moment, Stay
from klaster_registry.entities.steps.schemas import EndIn, NotedRegistrationsRead, RejectionIn, StayIn, StepIn
from klaster_shared.access import operation
from klaster_shared.dependencies import Now, ReadSession, Today, WriteSession
from klaster_shared.etags import conditional_json
from klaster_shared.routing import api_router

router = api_router("entities")
_SUMMARIES: dict[Step, str] = {
    "apply": "Note that an entity applies for the register",
    "register": "Register an entity that applied; it gets its RBW number",
    "withdraw": "Note that an entity withdraws its application",
    "leave": "Note that an entity leaves the register; cooperation and partnership end",
}


async def _held(session: WriteSession, reference: Reference) -> Entity:
    return await operations.hold_entity(session, reference=reference)


async def _moment(now: Now, today: Today) -> Moment:
    return Moment(now=now, today=today)


Held = Annotated[Entity, Depends(_held)]
AtMoment = Annotated[Moment, Depends(_moment)]
_WRITE = {"role": "office", "scope": "entities:write", "problems": (404, 409)}


def _add_step(step: Step, summary: str) -> None:
    @router.post(
        f"/v1/entities/{{reference}}/{step}",
        summary=summary,
        response_model=EntityRead,
        operation_id=f"{step}_entity",
        **operation(**_WRITE),  # type: ignore[arg-type]
    )
    async def take_step(
        request: Request, session: WriteSession, entity: Held, moment: AtMoment, given: StepIn
    ) -> Response:
        """A step of the entity's life, on a day that is not to come; refused where it does not follow."""
        saved = await steps.take_step(session, entity=entity, step=step, on=given.on, note=given.note, moment=moment)
        return answer(request, saved)


for _step, _summary in _SUMMARIES.items():
    _add_step(_step, _summary)


@router.post(
    "/v1/entities/{reference}/reject",
    summary="Reject an application, saying why",
    response_model=EntityRead,
    operation_id="reject_entity",
    **operation(**_WRITE),  # type: ignore[arg-type]
)
async def reject_entity(
    request: Request, session: WriteSession, entity: Held, moment: AtMoment, given: RejectionIn
) -> Response:
    """Reject an application; the reason stays with the office. The organisation may apply again."""
    saved = await steps.take_step(session, entity=entity, step="reject", on=given.on, note=given.note, moment=moment)
    return answer(request, saved)


@router.get(
    "/v1/entities/{reference}/registrations",
    summary="The life of an entity in the register, with the office's notes",
    response_model=NotedRegistrationsRead,
    operation_id="list_entity_registrations",
    **operation(role="office", scope="entities:read", problems=(404, 409)),
)
async def list_registrations(request: Request, session: ReadSession, reference: Reference) -> Response:
    """Notes are free text: they stand neither in the public record nor in the feed."""
    items = await steps.noted_registrations(session, reference=reference)
    return conditional_json(request, {"items": items}, public=False)


def _add_stay(stay: Stay, collection: str) -> None:
    @router.post(
        f"/v1/entities/{{reference}}/{collection}",
        summary=f"Add a period of {stay}",
        status_code=201,
        response_model=EntityRead,
        operation_id=f"add_{stay}",
        **operation(**_WRITE),  # type: ignore[arg-type]
    )
    async def add_stay(
        request: Request, session: WriteSession, entity: Held, moment: AtMoment, given: StayIn
    ) -> Response:
        """Only registered entities cooperate; a partner is in at least one special interest group on every day."""
        saved = await steps.add_stay(session, entity=entity, stay=stay, period=given.period(), moment=moment)
        return answer(request, saved, status=201)

    @router.post(
        f"/v1/entities/{{reference}}/{collection}/end",
        summary=f"End the open {stay}",
        response_model=EntityRead,
        operation_id=f"end_{stay}",
        **operation(**_WRITE),  # type: ignore[arg-type]
    )
    async def end_stay(
        request: Request, session: WriteSession, entity: Held, moment: AtMoment, given: EndIn
    ) -> Response:
        """`on` is its last day."""
        return answer(request, await steps.end_stay(session, entity=entity, stay=stay, on=given.on, moment=moment))


_add_stay("cooperation", "cooperations")
_add_stay("partnership", "partnerships")
