"""Who promotes results and who asks about them, for routes: read and checked before the transaction begins."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from klaster_events.board.authors import Author, spoken_for
from klaster_events.entities.checking import Checked, check_entities
from klaster_events.events.viewers import Viewer
from klaster_events.showcase.errors import NotYourResult
from klaster_events.showcase.operations import Promoter
from klaster_events.showcase.schemas import ContactCreate, ShowcaseCreate
from klaster_shared.access import Principal
from klaster_shared.dependencies import CurrentPrincipal, database_of
from klaster_shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class NewResult:
    """A new result, and who promotes it."""

    given: ShowcaseCreate
    promoter: Promoter


@dataclass(frozen=True, slots=True)
class NewContact:
    """A question for a contact, and who asks."""

    given: ContactCreate
    asker: UUID
    checked: Checked


def _speaks(author: Viewer, principal: Principal, entity: UUID | None) -> UUID:
    """For whom: a partner's own entity, the office's choice. Raises NotYourResult, Invalid."""
    refused = NotYourResult("You do not speak for this entity")
    return spoken_for(author, principal.entity, entity, needed="Say for whom", refused=refused)


async def _result(request: Request, principal: CurrentPrincipal, author: Author, given: ShowcaseCreate) -> NewResult:
    """Raises NotYourResult, Invalid (also on an unknown project), Unavailable where the registry is away."""
    entity, registry = _speaks(author, principal, given.entity), request.app.state.registry
    checked = await check_entities(database_of(request), registry, pointers={"/entity": entity})
    project = await registry.project(given.project)
    if project is None:
        raise Invalid.field("/project", "unknown_project", f"The registry knows no project {given.project}")
    partners = frozenset(one.entity.id for one in project.partners if one.entity)
    return NewResult(given, Promoter(entity_id=entity, checked=checked, viewer=author, partners=partners))


async def _contact(request: Request, principal: CurrentPrincipal, author: Author, given: ContactCreate) -> NewContact:
    entity = _speaks(author, principal, given.entity)
    pointers = {"/entity": entity}
    return NewContact(
        given, entity, await check_entities(database_of(request), request.app.state.registry, pointers=pointers)
    )


CheckedResult = Annotated[NewResult, Depends(_result)]
CheckedContact = Annotated[NewContact, Depends(_contact)]
