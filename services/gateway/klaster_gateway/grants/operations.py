"""Rules of grants: the office gives and ends them; nobody gives more than they may do themselves."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_gateway.grants import repository
from klaster_gateway.grants.errors import GrantEnded, GrantNotFound, GrantRefused, GrantUnreadable
from klaster_gateway.grants.models import Grant
from klaster_gateway.grants.schemas import GrantCreate, GrantListParameters
from klaster_shared.access import may
from klaster_shared.changes import record_change
from klaster_shared.database import acting
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id

COLLECTION = "grants"


async def create_grant(session: AsyncSession, *, given: GrantCreate, now: datetime) -> Grant:
    """Let a person act in a role.

    Raises GrantUnreadable where role and entity do not go together, GrantRefused where the role is above the giver's,
    Invalid where it would end before it begins.
    """
    if (given.role == "partner") != (given.entity is not None):
        raise GrantUnreadable.field("/entity", "entity_needed", "A partner acts for one entity, others for none")
    _refuse_more_than_own(session, given.role)
    starts_at = given.starts_at or now
    if given.ends_at is not None and given.ends_at <= max(starts_at, now):
        raise Invalid.field("/ends_at", "in_order", "The grant would end before it begins")
    grant = Grant(
        id=new_id(),
        **given.model_dump(exclude={"starts_at"}),
        starts_at=starts_at,
        created_at=now,
        created_by=acting(session).subject,
        version=1,
    )
    session.add(grant)
    _log(session, grant, "created")
    return grant


async def end_grant(session: AsyncSession, *, grant_id: UUID, may_change: Callable[[int], None], now: datetime) -> None:
    """End a grant now; raises GrantNotFound, GrantEnded, GrantRefused."""
    grant = await repository.hold_grant(session, grant_id)
    if grant is None:
        raise GrantNotFound(f"There is no grant {grant_id}")
    may_change(grant.version)
    if grant.ends_at is not None and grant.ends_at <= now:
        raise GrantEnded(f"It ended at {grant.ends_at.isoformat()}")
    _refuse_more_than_own(session, grant.role)
    grant.ends_at, grant.ended_by = now, acting(session).subject
    grant.version += 1
    _log(session, grant, "updated", "ends_at", "ended_by")


def _refuse_more_than_own(session: AsyncSession, role: str) -> None:
    """The office makes partners and integrators; who else is an office or an admin, admins say."""
    if role in {"office", "admin"} and not may(acting(session).role, "admin"):
        raise GrantRefused(f"Only an admin says who is {role}")


async def get_grant(session: AsyncSession, *, grant_id: UUID) -> Grant:
    """One grant; raises GrantNotFound."""
    grant = await repository.find_grant(session, grant_id)
    if grant is None:
        raise GrantNotFound(f"There is no grant {grant_id}")
    return grant


async def list_grants(session: AsyncSession, *, parameters: GrantListParameters, now: datetime) -> Sequence[Grant]:
    """One page, the newest first, and one row more where there is more."""
    return await repository.grants_page(session, parameters, now=now)


async def count_grants(session: AsyncSession, *, parameters: GrantListParameters, now: datetime) -> int:
    """How many there are in all."""
    return await repository.count_grants(session, parameters, now=now)


async def active_grants(session: AsyncSession, *, issuer: str, subject: str, now: datetime) -> Sequence[Grant]:
    """What a person may act as now."""
    return await repository.active_of(session, issuer, subject, now=now)


def _log(session: AsyncSession, grant: Grant, kind: str, *changed: str) -> None:
    # Whom an issuer means by its subject is nobody's business but the office's.
    record = {"id": grant.id, "role": grant.role, "entity": grant.entity, "ends_at": grant.ends_at}
    record_change(
        session,
        kind="created" if kind == "created" else "updated",
        collection=COLLECTION,
        id=grant.id,
        changed=changed,
        record=record,
        audience="office",
    )
