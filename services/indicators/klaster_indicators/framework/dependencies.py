"""What routes ask for: the edition that a query means."""

from typing import Annotated

from fastapi import Depends, Query, Request

from klaster_indicators.framework.asked import Asked, day_known, last_day_of
from klaster_shared.dates import PartialDate
from klaster_shared.dependencies import Today
from klaster_shared.history import KnownAt

EditionInQuery = Annotated[
    str | None, Query(max_length=60, description="Code of an edition; the one in force on `as_of` by default")
]
AsOfInQuery = Annotated[
    PartialDate | None, Query(description="At the end of this day, month or year; today by default")
]


async def _asked(
    request: Request,
    today: Today,
    edition: EditionInQuery = None,
    as_of: AsOfInQuery = None,
    known_at: KnownAt = None,
) -> Asked:
    day = day_known(known_at, today=today, zone=request.app.state.settings.zone)
    return Asked(edition, last_day_of(as_of, today=day), known_at)


async def _asked_now(today: Today, edition: EditionInQuery = None, as_of: AsOfInQuery = None) -> Asked:
    return Asked(edition, last_day_of(as_of, today=today))


AskedEdition = Annotated[Asked, Depends(_asked)]
AskedEditionNow = Annotated[Asked, Depends(_asked_now)]
