"""Requests that name an organiser: read, and the organiser checked, before the transaction begins."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from klaster_events.entities.checking import Checked, check_entities
from klaster_events.events.schemas import EventCreate, EventUpdate
from klaster_shared.dependencies import database_of


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A new event, and its organiser as it is known."""

    given: EventCreate
    organiser: Checked


@dataclass(frozen=True, slots=True)
class ChangedEvent:
    """A change of an event, and the organiser that it names, if any."""

    given: EventUpdate
    organiser: Checked


async def _new(request: Request, given: EventCreate) -> NewEvent:
    organiser = await check_entities(
        database_of(request), request.app.state.registry, pointers={"/organiser": given.organiser}
    )
    return NewEvent(given, organiser)


async def _changed(request: Request, given: EventUpdate) -> ChangedEvent:
    named = given.model_dump().get("organiser")
    pointers = {"/organiser": named} if named is not None else {}
    organiser = await check_entities(database_of(request), request.app.state.registry, pointers=pointers)
    return ChangedEvent(given, organiser)


CheckedCreate = Annotated[NewEvent, Depends(_new)]
CheckedUpdate = Annotated[ChangedEvent, Depends(_changed)]
