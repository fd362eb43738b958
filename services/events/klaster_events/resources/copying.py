"""What the registry's feed says of laboratories and their services, written into the copy. It can be done twice."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.resources import operations, repository
from klaster_events.resources.models import Resource
from klaster_events.resources.records import row_of, says_more
from klaster_events.resources.schemas import ResourceFacts
from klaster_shared.changes import record_change
from klaster_shared.following import FeedChange

_KINDS = {"labs": "lab", "lab_services": "service"}
log = structlog.get_logger(__name__)


async def apply_changes(session: AsyncSession, changes: Sequence[FeedChange], now: datetime) -> int:
    """Write what a page of the feed says, the last word of each; how many changes these are."""
    told = [change for change in changes if change.collection in _KINDS]
    last = {UUID(change.id): change for change in told}
    if not last:
        return 0
    await _write(session, [change for change in last.values() if change.kind != "deleted"], now)
    await _remove(session, [one for one, change in last.items() if change.kind == "deleted"])
    return len(told)


async def _write(session: AsyncSession, changes: Sequence[FeedChange], now: datetime) -> None:
    told = [(facts, _KINDS[change.collection]) for change in changes if (facts := _facts(change)) is not None]
    rows = [row_of(facts, kind, now) for facts, kind in told]
    known = await repository.resources_by_id(session, {row["id"] for row in rows})
    news = [row for row in rows if says_more(row, known.get(row["id"]))]
    await repository.write_copies(session, news)
    written = await repository.resources_by_id(session, {row["id"] for row in news}, anew=True)
    moved = await _follow_owners(session, [one for one in written.values() if one.kind == "lab"])
    # What is shared with nobody, and never was bookable here, is no news to anybody.
    shown = [one for one in {**written, **moved}.values() if one.shared_from is not None]
    await operations.log(session, resources=shown)


async def _follow_owners(session: AsyncSession, labs: Sequence[Resource]) -> dict[UUID, Resource]:
    """A laboratory's services are its owner's: the feed does not tell them anew when the laboratory changes hands."""
    owners = {one.id: one.owner_id for one in labs}
    moved = {}
    for service in await repository.services_of(session, owners):
        owner = owners[service.lab_id] if service.lab_id else service.owner_id
        if service.owner_id != owner:
            service.owner_id = owner
            service.version += 1
            moved[service.id] = service
    return moved


async def _remove(session: AsyncSession, ids: Sequence[UUID]) -> None:
    known = await repository.resources_by_id(session, ids)
    if not known:
        return
    await repository.mark_gone(session, list(known))
    for one in known:
        record_change(session, kind="deleted", collection=operations.COLLECTION, id=one)


def _facts(change: FeedChange) -> ResourceFacts | None:
    try:
        return ResourceFacts.model_validate(change.record)
    except ValidationError as error:
        # One record that cannot be read must not keep back all that follow.
        log.warning("resource_garbled", id=change.id, position=change.position, errors=error.error_count())
        return None
