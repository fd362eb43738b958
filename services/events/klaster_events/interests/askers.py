"""Who shows interest, for routes: read and checked before the transaction begins."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from klaster_events.board.authors import Author, spoken_for
from klaster_events.entities.checking import Checked, check_entities
from klaster_events.interests.errors import NotYourSide
from klaster_events.interests.schemas import InterestCreate
from klaster_shared.dependencies import CurrentPrincipal, database_of


@dataclass(frozen=True, slots=True)
class NewInterest:
    """New interest, and whose it is."""

    given: InterestCreate
    asker: UUID
    checked: Checked


async def _new(request: Request, principal: CurrentPrincipal, author: Author, given: InterestCreate) -> NewInterest:
    """A partner is interested for its own entity, the office says for which.

    Raises NotYourSide, Invalid, and Unavailable where the registry would have to be asked and is away.
    """
    refused = NotYourSide("You do not speak for the entity that would be interested")
    asker = spoken_for(author, principal.entity, given.entity, needed="Say who is interested", refused=refused)
    checked = await check_entities(database_of(request), request.app.state.registry, pointers={"/entity": asker})
    return NewInterest(given, asker, checked)


CheckedInterest = Annotated[NewInterest, Depends(_new)]
