"""The cluster's time zone, for routes: its midnight ends a day and a year."""

from typing import Annotated

from fastapi import Depends, Request


async def _zone(request: Request) -> str:
    zone: str = request.app.state.settings.zone
    return zone


ClusterZone = Annotated[str, Depends(_zone)]
