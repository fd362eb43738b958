"""Requests that name organisers: read, and the organisers checked, before the transaction begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from klaster_events.entities.checking import Checked, check_entities
from klaster_events.events.schemas import EventCreate, EventUpdate
from klaster_shared.dependencies import database_of


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A new event, and its organisers as they are known."""

    given: EventCreate
    organiser: Checked


@dataclass(frozen=True, slots=True)
class ChangedEvent:
    """A change of an event, and the organisers that it names, if any."""

    given: EventUpdate
    organiser: Checked


async def _new(request: Request, given: EventCreate) -> NewEvent:
    return NewEvent(given, await _checked(request, given.model_dump(include={"organiser", "co_organisers"})))


async def _changed(request: Request, given: EventUpdate) -> ChangedEvent:
    return ChangedEvent(given, await _checked(request, given.model_dump(include={"organiser", "co_organisers"})))


async def _checked(request: Request, named: Mapping[str, Any]) -> Checked:
    pointers: dict[str, UUID] = {"/organiser": named["organiser"]} if "organiser" in named else {}
    pointers |= {f"/co_organisers/{number}": one for number, one in enumerate(named.get("co_organisers", ()))}
    return await check_entities(database_of(request), request.app.state.registry, pointers=pointers)


CheckedCreate = Annotated[NewEvent, Depends(_new)]
CheckedUpdate = Annotated[ChangedEvent, Depends(_changed)]
