"""The organiser of a request, checked before its transaction begins."""

from typing import Annotated

from fastapi import Depends, Request

from klaster_events.entities.checking import Checked, check_entities
from klaster_events.events.schemas import EventCreate, EventUpdate
from klaster_shared.dependencies import database_of


async def _of_new(request: Request, given: EventCreate) -> Checked:
    return await check_entities(
        database_of(request), request.app.state.registry, pointers={"/organiser": given.organiser}
    )


async def _of_change(request: Request, given: EventUpdate) -> Checked:
    organiser = given.model_dump().get("organiser")
    pointers = {"/organiser": organiser} if organiser is not None else {}
    return await check_entities(database_of(request), request.app.state.registry, pointers=pointers)


NewOrganiser = Annotated[Checked, Depends(_of_new)]
ChangedOrganiser = Annotated[Checked, Depends(_of_change)]
