"""Who books, for routes: read and checked before the transaction begins."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from klaster_events.board.authors import Author, spoken_for
from klaster_events.bookings.errors import NotYourBooking
from klaster_events.bookings.operations import Booker
from klaster_events.bookings.schemas import BookingCreate
from klaster_events.entities.checking import check_entities
from klaster_shared.dependencies import CurrentPrincipal, database_of


@dataclass(frozen=True, slots=True)
class NewBooking:
    """A new booking, and who books."""

    given: BookingCreate
    booker: Booker


async def _new(request: Request, principal: CurrentPrincipal, author: Author, given: BookingCreate) -> NewBooking:
    """A partner books for its own entity, the office says for which.

    Raises NotYourBooking, Invalid, and Unavailable where the registry would have to be asked and is away.
    """
    refused = NotYourBooking("You do not speak for the entity that it would be for")
    entity = spoken_for(author, principal.entity, given.entity, needed="Say for whom it is booked", refused=refused)
    checked = await check_entities(database_of(request), request.app.state.registry, pointers={"/entity": entity})
    return NewBooking(given, Booker(entity_id=entity, checked=checked, viewer=author))


CheckedBooking = Annotated[NewBooking, Depends(_new)]
