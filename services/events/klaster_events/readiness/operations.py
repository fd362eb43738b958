"""Rules of declared readiness: once a post, by its owner, and proposed to the registry in the same transaction."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.board.models import BoardPost
from klaster_events.proposing import operations as proposing
from klaster_events.proposing.schemas import Wish
from klaster_events.readiness import repository
from klaster_events.readiness.errors import ReadinessDeclared, ReadinessNotFound
from klaster_events.readiness.models import Readiness
from klaster_events.readiness.schemas import ClusterIn, HqFacts
from klaster_shared.changes import record_change
from klaster_shared.identifiers import new_id

COLLECTION = "readiness"


async def declare(
    session: AsyncSession, *, post: BoardPost, cluster: ClusterIn | HqFacts, ready_from: date, now: datetime
) -> Readiness:
    """Keep that a cluster is ready from a day on, with a post that the caller holds; raises ReadinessDeclared."""
    if await repository.of_post(session, post.id) is not None:
        raise ReadinessDeclared("One post declares it for one cluster")
    known = cluster.id if isinstance(cluster, HqFacts) else None
    row = Readiness(
        id=new_id(),
        post_id=post.id,
        foreign_hq_id=known,
        name=cluster.name,
        country=cluster.country,
        ready_from=ready_from,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    await proposing.propose(session, wish=_wish(row, post, cluster), now=now)
    record = {"id": row.id, "post_id": post.id, "foreign_hq": known, "name": row.name, "country": row.country}
    record_change(
        session,
        kind="created",
        collection=COLLECTION,
        id=row.id,
        record={**record, "ready_from": ready_from, "created_at": now},
        audience="office",
    )
    return row


def _wish(row: Readiness, post: BoardPost, cluster: ClusterIn | HqFacts) -> Wish:
    change = _known(row, post, cluster) if isinstance(cluster, HqFacts) else _new(row, post, cluster)
    return Wish(
        id=row.id,
        about="readiness",
        entity_id=post.owner_id,
        collection="foreign_hqs",
        record_id=row.foreign_hq_id,
        change=change,
        note=f"/v1/lsos/board/{post.id}",
    )


def _new(row: Readiness, post: BoardPost, cluster: ClusterIn) -> dict[str, Any]:
    return {
        **cluster.model_dump(),
        "kind": "cluster",
        "partner_entities": [str(post.owner_id)],
        "ready": [{"from": row.ready_from.isoformat(), "to": None}],
        "source": "lsos",
        "source_key": str(row.id),
        "demonstration": post.demonstration,
    }


def _known(row: Readiness, post: BoardPost, hq: HqFacts) -> dict[str, Any]:
    """What was declared before stays; what had no end ends the day before, for it is declared anew."""
    begins = row.ready_from.isoformat()
    eve = (row.ready_from - timedelta(days=1)).isoformat()
    before = [
        {**one, "to": min(one["to"] or eve, eve)} for one in hq.ready if one["from"] is None or one["from"] < begins
    ]
    partners = [str(one.id) for one in hq.partner_entities]
    return {
        "ready": [*before, {"from": begins, "to": None}],
        "partner_entities": list(dict.fromkeys([*partners, str(post.owner_id)])),
    }


async def get_readiness(session: AsyncSession, *, post_id: UUID) -> Readiness:
    """What was declared with a post; raises ReadinessNotFound."""
    found = await repository.of_post(session, post_id)
    if found is None:
        raise ReadinessNotFound("Nothing was declared with it")
    return found


async def record_of(session: AsyncSession, *, row: Readiness) -> dict[str, Any]:
    """What was declared, and what became of it."""
    fate = (await proposing.proposed(session, ids=[row.id]))[row.id]
    plain = {name: getattr(row, name) for name in ("id", "name", "country", "ready_from", "created_at")}
    return {**plain, "foreign_hq": row.foreign_hq_id, **fate}
