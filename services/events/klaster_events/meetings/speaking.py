"""Who acts on meetings, for routes: the office, a partner for its entity's people, or whoever has the link."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request

from klaster_events.board.authors import Author
from klaster_events.links.operations import links_of
from klaster_events.meetings.parties import Who
from klaster_events.registrations.wishes import Own
from klaster_shared.dependencies import database_of

Token = Annotated[str, Path(max_length=200, description="What the link that was sent ends in")]


async def _speaking(author: Author) -> Who:
    """Raises SpeaksForNobody for a partner without an entity."""
    return Who(office=author.office, own=Own(author.own))


Speaking = Annotated[Who, Depends(_speaking)]


async def _registered(request: Request, token: Token) -> UUID:
    """The registration that a link was sent for; raises LinkRefused where we did not make it."""
    async with database_of(request).read() as session:
        return (await links_of(session)).read("registration", token)


Registered = Annotated[UUID, Depends(_registered)]
