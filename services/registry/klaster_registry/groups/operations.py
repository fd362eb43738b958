"""Rules of groups, networks and advisory bodies: who is listed, who is a member when."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from klaster_registry.entities import operations as entities
from klaster_registry.entities.documents import rbw_text
from klaster_registry.entities.models import EntityValidity
from klaster_registry.entities.saving import Saved
from klaster_registry.entities.steps import operations as steps
from klaster_registry.entities.steps.operations import Membership, Moment
from klaster_registry.groups import repository
from klaster_registry.groups.schemas import GroupListParameters, LeaveIn, MemberIn, MemberListParameters
from klaster_registry.periods import Period, covers
from klaster_registry.taxonomies.operations import Taxonomy, get_term

MEMBER_ORDER = entities.MEMBER_ORDER
ASPECT: dict[Taxonomy, Membership] = {"groups": "group", "networks": "network", "advisory_bodies": "advisory_body"}


async def list_groups(
    session: AsyncSession, *, taxonomy: Taxonomy, parameters: GroupListParameters, today: date
) -> Sequence[Any]:
    """One page of groups, and one more where there is more."""
    day = parameters.as_of or today
    return await repository.groups_page(session, taxonomy, ASPECT[taxonomy], parameters, day=day)


async def count_groups(
    session: AsyncSession, *, taxonomy: Taxonomy, parameters: GroupListParameters, today: date
) -> int:
    """How many groups the parameters ask for."""
    total, _ = await measure_groups(session, taxonomy=taxonomy, parameters=parameters, today=today)
    return total


async def measure_groups(
    session: AsyncSession, *, taxonomy: Taxonomy, parameters: GroupListParameters, today: date
) -> tuple[int, int]:
    """How many groups the parameters ask for, and how many of these rest on demonstration data.

    A group is no demonstration itself: what counts is whether it is listed for members alone that are.
    """
    day = parameters.as_of or today
    return await repository.count_groups(session, taxonomy, ASPECT[taxonomy], parameters, day=day)


async def list_members(
    session: AsyncSession, *, taxonomy: Taxonomy, code: str, parameters: MemberListParameters
) -> Sequence[Any]:
    """One page of memberships, and one more where there is more; raises TermNotFound."""
    await get_term(session, taxonomy=taxonomy, code=code)
    period = None
    if parameters.as_of is not None:
        period = covers(col(EntityValidity.valid_from), col(EntityValidity.valid_until), parameters.as_of)
    return await entities.list_members(
        session, aspect=ASPECT[taxonomy], value=code, period=period, cursor=parameters.cursor, limit=parameters.limit
    )


async def members_by_group(session: AsyncSession, *, day: date) -> dict[str, int]:
    """How many members each special interest group has on a day; one that is not named has none."""
    return await repository.members_by_group(session, ASPECT["groups"], day=day)


async def add_member(session: AsyncSession, *, taxonomy: Taxonomy, code: str, given: MemberIn, moment: Moment) -> Saved:
    """Make an entity a member; raises TermNotFound, EntityNotFound, PeriodRefused."""
    await get_term(session, taxonomy=taxonomy, code=code)
    entity = await entities.hold_entity(session, reference=given.entity)
    return await steps.join(
        session, entity=entity, membership=ASPECT[taxonomy], code=code, period=given.period(), moment=moment
    )


async def end_membership(
    session: AsyncSession, *, taxonomy: Taxonomy, code: str, given: LeaveIn, moment: Moment
) -> Saved:
    """End a membership; raises TermNotFound, EntityNotFound, PeriodRefused, PartnerNeedsGroup."""
    await get_term(session, taxonomy=taxonomy, code=code)
    entity = await entities.hold_entity(session, reference=given.entity)
    return await steps.part(session, entity=entity, membership=ASPECT[taxonomy], code=code, on=given.on, moment=moment)


def member_record(row: Any) -> dict[str, Any]:
    """A membership as it is written in answers."""
    return {
        "id": row.id,
        "rbw_number": rbw_text(row.rbw_number),
        "name": row.name,
        "demonstration": row.demonstration,
        **Period(row.valid_from, row.valid_until).wire(),
    }
