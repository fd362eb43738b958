"""Who looks, for routes: what they may see, and which answers no cache may keep for others."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from klaster_events.events.viewers import Viewer
from klaster_events.events.visibility import viewer_of
from klaster_shared.dependencies import CurrentPrincipal, ReadSession, Today


async def _viewer(session: ReadSession, principal: CurrentPrincipal, today: Today) -> Viewer:
    return await viewer_of(session, role=principal.role, entity=principal.entity, today=today)


Looking = Annotated[Viewer, Depends(_viewer)]
"""What the caller of a read may see."""


def shown_to(viewer: Viewer, response: Response) -> Response:
    """What somebody sees who sees more than everybody: no cache may keep it for others."""
    if viewer.sees_more:
        response.headers["Cache-Control"] = "private, no-cache"
    return response
