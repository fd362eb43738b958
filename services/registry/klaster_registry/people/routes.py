"""People over HTTP: never kept by caches, and never more of them than the one who asks may know."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.people import operations
from klaster_registry.people.documents import COLLECTION
from klaster_registry.people.finding import refresh_search
from klaster_registry.people.models import Person
from klaster_registry.people.repository import ORDER, Scene
from klaster_registry.people.schemas import PersonCreate, PersonListParameters, PersonRead, PersonUpdate
from klaster_registry.taxonomies.routes import add_list, add_records
from klaster_shared.access import Principal, may, operation
from klaster_shared.answers import page_answer, record_answer
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, Today, WriteSession
from klaster_shared.etags import require_match
from klaster_shared.labels import ChosenLanguage, Language
from klaster_shared.pagination import Page, next_cursor
from klaster_shared.records import add_history_route
from klaster_shared.routing import api_router

router = api_router("people")
add_list(router, path="/v1/consent-purposes", taxonomy="consent_purposes")
add_records(
    router, path="/v1/consent-purposes", taxonomy="consent_purposes", one="consent_purpose", then=refresh_search
)


@router.get(
    "/v1/people",
    operation_id="list_people",
    summary="List people",
    response_model=Page[PersonRead],
    **operation(role="anonymous", scope="people:read"),
)
async def list_people(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    today: Today,
    language: ChosenLanguage,
    parameters: Annotated[PersonListParameters, Query()],
) -> Response:
    """By name. Everybody sees who consented to be published; a partner also the people of its own entity, the office
    all."""
    scene = await _scene(session, principal, today)
    rows = await operations.list_people(session, parameters=parameters, scene=scene)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.sort_name, row.Person.id))
    total = None
    if parameters.count:
        total, _ = await operations.count_people(session, parameters=parameters, scene=scene)
    people = [row.Person for row in rows[: parameters.limit]]
    items = await operations.records_of(session, people=people, scene=scene, language=language)
    return page_answer(request, items, cursor=cursor, total=total, public=False)


# An answer that names somebody is not stored for replay: it would outlive their erasure by a day.
@router.post(
    "/v1/people",
    operation_id="create_person",
    summary="Add a person",
    status_code=201,
    response_model=PersonRead,
    **operation(role="office", scope="people:write", problems=(404, 409), secret=True),
)
async def create_person(
    request: Request, session: WriteSession, now: Now, today: Today, language: ChosenLanguage, given: PersonCreate
) -> Response:
    """Without a consent that is written down here, nobody but the office learns of them."""
    person = await operations.create_person(session, given=given, now=now, today=today)
    record = await _for_office(session, person, today, language)
    return record_answer(request, record, status=201, location=f"/v1/people/{person.id}", public=False)


@router.get(
    "/v1/people/{record_id:uuid}",
    operation_id="get_person",
    summary="Read a person",
    response_model=PersonRead,
    **operation(role="anonymous", scope="people:read", problems=(404,)),
)
async def get_person(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    today: Today,
    language: ChosenLanguage,
    record_id: UUID,
) -> Response:
    """Whoever may not know of a person gets the same answer as where there is none."""
    person = await operations.get_person(session, record_id=record_id)
    scene = await _scene(session, principal, today)
    record = await operations.record_for(session, person=person, scene=scene, language=language)
    return record_answer(request, record, public=False)


@router.patch(
    "/v1/people/{record_id:uuid}",
    operation_id="update_person",
    summary="Change a person",
    response_model=PersonRead,
    **operation(role="office", scope="people:write", problems=(404, 412, 428)),
)
async def update_person(
    request: Request,
    session: WriteSession,
    now: Now,
    today: Today,
    language: ChosenLanguage,
    record_id: UUID,
    given: PersonUpdate,
) -> Response:
    """Merge the change into the record (JSON Merge Patch): roles and consents are replaced as a whole."""
    person = await operations.get_person(session, record_id=record_id, held=True)
    require_match(request, person.version)
    person = await operations.change_person(session, person=person, given=given, now=now, today=today)
    return record_answer(request, await _for_office(session, person, today, language), public=False)


@router.delete(
    "/v1/people/{record_id:uuid}",
    operation_id="delete_person",
    summary="Erase a person",
    status_code=204,
    **operation(role="office", scope="people:write", problems=(404, 412, 428)),
)
async def delete_person(request: Request, session: WriteSession, now: Now, today: Today, record_id: UUID) -> Response:
    """Every word about them goes; a random id and the periods of roles stay, so that counts stay."""
    person = await operations.get_person(session, record_id=record_id, held=True)
    require_match(request, person.version)
    await operations.erase_person(session, person=person, now=now, today=today)
    return Response(status_code=204)


async def _scene(session: AsyncSession, principal: Principal, today: date) -> Scene:
    entity = principal.entity if may(principal.role, "partner") else None
    return await operations.scene_of(session, office=may(principal.role, "office"), entity=entity, today=today)


async def _for_office(session: AsyncSession, person: Person, today: date, language: Language) -> dict[str, Any]:
    scene = await operations.scene_of(session, office=True, entity=None, today=today)
    return await operations.record_for(session, person=person, scene=scene, language=language)


add_history_route(
    router,
    path="/v1/people/{record_id:uuid}",
    one="person",
    title="a person",
    collection=COLLECTION,
    reader="office",
    scope="people",
)
