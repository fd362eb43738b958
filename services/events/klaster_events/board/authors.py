"""Who writes on the board, for routes: read and checked before the transaction begins."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from klaster_events.board.errors import NotYourPost
from klaster_events.board.operations import Moment
from klaster_events.board.schemas import PostCreate
from klaster_events.entities.checking import Checked, check_entities
from klaster_events.events.viewers import Viewer
from klaster_events.events.visibility import viewer_of
from klaster_shared.access import entity_of, may
from klaster_shared.dependencies import CurrentPrincipal, Now, Today, database_of
from klaster_shared.errors import Invalid, Problem


async def _author(request: Request, principal: CurrentPrincipal, today: Today) -> Viewer:
    """Who writes: the office, or a partner; raises SpeaksForNobody for a partner without an entity."""
    if not may(principal.role, "office"):
        entity_of(principal)
    async with database_of(request).read() as session:
        return await viewer_of(session, role=principal.role, entity=principal.entity, today=today)


Author = Annotated[Viewer, Depends(_author)]


def spoken_for(
    author: Viewer, own: UUID | None, named: UUID | None, *, pointer: str = "/entity", needed: str, refused: Problem
) -> UUID:
    """For which entity somebody acts: a partner for its own, the office for the one that it names.

    Raises Invalid, with `needed` at `pointer`, where none is named, and `refused` where it is not the partner's.
    """
    entity = named if author.office else named or own
    if entity is None:
        raise Invalid.field(pointer, f"{pointer.rpartition('/')[2]}_needed", needed)
    if not author.office and entity not in author.own:
        raise refused
    return entity


@dataclass(frozen=True, slots=True)
class NewPost:
    """A new post, and whose it is."""

    given: PostCreate
    owner: UUID
    checked: Checked


async def _new(request: Request, principal: CurrentPrincipal, author: Author, given: PostCreate) -> NewPost:
    """A partner posts for its own entity, the office for any that the registry knows.

    Raises NotYourPost, Invalid where the office names no owner or one that does not exist, and Unavailable where the
    registry would have to be asked and is away.
    """
    refused = NotYourPost("You do not speak for the entity that would own it")
    needed = "Say whose post it is"
    owner = spoken_for(author, principal.entity, given.owner, pointer="/owner", needed=needed, refused=refused)
    checked = await check_entities(database_of(request), request.app.state.registry, pointers={"/owner": owner})
    return NewPost(given, owner, checked)


CheckedPost = Annotated[NewPost, Depends(_new)]


async def _moment(request: Request, now: Now, today: Today) -> Moment:
    return Moment(now=now, today=today, home=request.app.state.settings.home_country)


AtMoment = Annotated[Moment, Depends(_moment)]
