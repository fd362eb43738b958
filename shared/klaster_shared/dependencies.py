"""What routes ask for: a transaction of the right kind, and the clock."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_shared.access import Principal, principal_of
from klaster_shared.database import Actor, Database
from klaster_shared.dates import today_in, utc_now
from klaster_shared.idempotency import replay_or_remember


def database_of(request: Request) -> Database:
    """The service's database."""
    database: Database = request.app.state.database
    return database


async def _read_session(request: Request) -> AsyncIterator[AsyncSession]:
    async with database_of(request).read() as session:
        yield session


async def _write_session(
    request: Request, principal: Annotated[Principal, Depends(principal_of)]
) -> AsyncIterator[AsyncSession]:
    actor = Actor(subject=principal.subject, role=principal.role)
    async with database_of(request).write(actor=actor) as session:
        await replay_or_remember(request, session, principal)
        yield session


async def clock(request: Request) -> datetime:
    """The time of this request; tests replace the clock of the whole app."""
    return _moment(request)


async def today_of(request: Request) -> date:
    """The day that it is in the cluster's zone at the time of this request."""
    zone: str = request.app.state.settings.zone
    return today_in(zone, _moment(request))


def _moment(request: Request) -> datetime:
    """Asked for once a request: its day is the day of its time."""
    known: datetime | None = getattr(request.state, "moment", None)
    if known is None:
        known = request.state.moment = getattr(request.app.state, "clock", utc_now)()
    return known


# scope="function": committed (or rolled back) before the answer is sent, never after it.
ReadSession = Annotated[AsyncSession, Depends(_read_session, scope="function")]
WriteSession = Annotated[AsyncSession, Depends(_write_session, scope="function")]
Now = Annotated[datetime, Depends(clock)]
CurrentPrincipal = Annotated[Principal, Depends(principal_of)]
Today = Annotated[date, Depends(today_of)]  # the day it is in the cluster's zone
