"""Requests that name speakers: read, and the entities they come from checked, before the transaction begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from klaster_events.agenda.schemas import SessionCreate, SessionUpdate, Speaker
from klaster_events.entities.checking import Checked, check_entities
from klaster_shared.dependencies import database_of


@dataclass(frozen=True, slots=True)
class NewSession:
    """A new session, and the entities that its speakers come from."""

    given: SessionCreate
    entity: Checked


@dataclass(frozen=True, slots=True)
class ChangedSession:
    """A change of a session, and the entities that its speakers come from."""

    given: SessionUpdate
    entity: Checked


async def _new(request: Request, given: SessionCreate) -> NewSession:
    """Read and checked before the transaction begins."""
    return NewSession(given, await _checked(request, given.speakers))


async def _changed(request: Request, given: SessionUpdate) -> ChangedSession:
    said = given.model_dump(include={"speakers"}).get("speakers", ())
    return ChangedSession(given, await _checked(request, [Speaker.model_validate(one) for one in said]))


async def _checked(request: Request, speakers: Sequence[Speaker]) -> Checked:
    pointers = {f"/speakers/{at}/entity_id": one.entity_id for at, one in enumerate(speakers) if one.entity_id}
    return await check_entities(database_of(request), request.app.state.registry, pointers=pointers)


CheckedSessionCreate = Annotated[NewSession, Depends(_new)]
CheckedSessionUpdate = Annotated[ChangedSession, Depends(_changed)]
