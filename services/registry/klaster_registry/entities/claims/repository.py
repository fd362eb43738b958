"""Every query on who claims which identifier."""

import hashlib
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.entities.models import EntityIdentifier
from klaster_registry.filters import among
from klaster_shared.database import is_postgresql

Claim = tuple[str, str]
NOBODY = UUID(int=0)


async def claims_of(session: AsyncSession, entity_id: UUID) -> set[Claim]:
    """The identifiers that an entity claims."""
    rows = EntityIdentifier
    statement = select(col(rows.scheme), col(rows.value)).where(
        col(rows.entity_id) == entity_id, col(rows.verdict) != "invalid"
    )
    return {(scheme, value) for scheme, value in await session.execute(statement)}


async def hold_claims(session: AsyncSession, claims: Collection[Claim]) -> None:
    """Whoever claims one of these identifiers next waits: two claimants at once would not see each other."""
    if not claims or not is_postgresql(session):
        return
    keys = sorted(
        int.from_bytes(hashlib.blake2b(f"{scheme}:{value}".encode(), digest_size=8).digest(), signed=True)
        for scheme, value in claims
    )
    # In one order for all, so that nobody waits in a circle.
    statement = text("SELECT pg_advisory_xact_lock(k) FROM (SELECT unnest(CAST(:keys AS bigint[])) k ORDER BY 1) s")
    await session.execute(statement, {"keys": keys})


async def other_claimants(session: AsyncSession, claims: Collection[Claim], *, besides: UUID) -> dict[Claim, set[UUID]]:
    """For each identifier that others claim, too: who they are. Wrong identifiers claim nothing."""
    if not claims:
        return {}
    by_scheme: dict[str, list[str]] = {}
    for scheme, value in sorted(claims):
        by_scheme.setdefault(scheme, []).append(value)
    rows = EntityIdentifier
    wanted = [
        and_(col(rows.scheme) == scheme, among(session, col(rows.value), values))
        for scheme, values in by_scheme.items()
    ]
    statement = select(col(rows.scheme), col(rows.value), col(rows.entity_id)).where(
        or_(*wanted), col(rows.entity_id) != besides, col(rows.verdict) != "invalid"
    )
    found: dict[Claim, set[UUID]] = {}
    for scheme, value, entity_id in (await session.execute(statement)).all():
        found.setdefault((scheme, value), set()).add(entity_id)
    return found


async def claimants_of(session: AsyncSession, claims: Collection[Claim]) -> dict[Claim, list[UUID]]:
    """Everybody who claims these identifiers; wrong ones claim nothing."""
    found: dict[Claim, list[UUID]] = {}
    for claim, entity_ids in (await other_claimants(session, claims, besides=NOBODY)).items():
        found[claim] = sorted(entity_ids)
    return found
