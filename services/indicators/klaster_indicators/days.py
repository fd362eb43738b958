"""The day it is in the cluster's zone, for routes."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Request

from klaster_shared.dates import today_in
from klaster_shared.dependencies import Now


def _today(request: Request, now: Now) -> date:
    zone: str = request.app.state.settings.zone
    return today_in(zone, now)


Today = Annotated[date, Depends(_today)]
