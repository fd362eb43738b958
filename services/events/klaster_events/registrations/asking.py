"""Who asks, for routes of registrations: what they may see, and what they ask for, read before anything is held."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from klaster_events.entities.checking import Checked, check_entities
from klaster_events.events.viewers import ANYBODY, OFFICE, Viewer
from klaster_events.events.visibility import viewer_of
from klaster_events.registrations.errors import NotYourPeople
from klaster_events.registrations.schemas import RegistrationCreate
from klaster_events.registrations.wishes import Origin, Wish
from klaster_shared.access import Principal, entity_of, may
from klaster_shared.database import Actor
from klaster_shared.dependencies import CurrentPrincipal, database_of, today_of


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who registers people, or looks at registrations.

    entity  the one that a partner speaks for; None for the office and for people who speak for themselves
    """

    origin: Origin
    actor: Actor
    viewer: Viewer
    entity: UUID | None = None

    @property
    def is_told_more(self) -> bool:
        """Whether the one who asks may know which registration it is, and that there was one already."""
        return self.origin != "self"


async def asking(request: Request, principal: Principal) -> Asking:
    """Who asks; raises SpeaksForNobody for a partner without an entity."""
    actor = Actor(subject=principal.subject, role=principal.role)
    if may(principal.role, "office"):
        return Asking("office", actor, OFFICE)
    if not may(principal.role, "partner"):
        return Asking("self", actor, ANYBODY)
    entity, today = entity_of(principal), await today_of(request)
    async with database_of(request).read() as session:
        viewer = await viewer_of(session, role=principal.role, entity=entity, today=today)
    return Asking("partner", actor, viewer, entity)


async def _asking(request: Request, principal: CurrentPrincipal) -> Asking:
    return await asking(request, principal)


WhoAsks = Annotated[Asking, Depends(_asking)]


async def checked_entities(request: Request, who: Asking, named: Mapping[str, UUID]) -> Checked:
    """The entities that people are said to come from, under their pointers, and the asking partner's own.

    Raises Invalid for one that does not exist, NotYourPeople where a partner names another than itself, and
    Unavailable where the registry would have to be asked and is away.
    """
    pointers = dict(named)
    if who.entity is not None:
        foreign = [pointer for pointer, entity_id in named.items() if entity_id not in who.viewer.own]
        if foreign:
            raise NotYourPeople(f"{foreign[0]} names an entity that you do not speak for")
        pointers["/"] = who.entity
    return await check_entities(database_of(request), request.app.state.registry, pointers=pointers)


def wish_of(given: RegistrationCreate, who: Asking, entities: Checked, *, origin: Origin | None = None) -> Wish:
    """What is asked for, of entities as they are after all merges."""
    entity_id = given.entity_id or who.entity
    return Wish(
        person=given,
        origin=origin or who.origin,
        language=given.language,
        entity_id=entities.living[entity_id] if entity_id else None,
        facts=entities.new,
        answers=given.answers,
        sessions=given.sessions,
        consents=given.consents,
        actor=who.actor,
        viewer=who.viewer,
    )


async def read_wish(request: Request, given: RegistrationCreate, who: Asking) -> Wish:
    """What one request asks for; raises as `checked_entities`."""
    named = {"/entity_id": given.entity_id} if given.entity_id else {}
    return wish_of(given, who, await checked_entities(request, who, named))
