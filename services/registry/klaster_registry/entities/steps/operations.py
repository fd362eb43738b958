"""The life of an entity in the register and in the cluster: steps, cooperation, partnership, groups and networks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.entities import parts, repository
from klaster_registry.entities.documents import Aspect, Whole, period_of
from klaster_registry.entities.errors import PartnerNeedsGroup, PeriodRefused, StepRefused
from klaster_registry.entities.models import Entity, EntityValidity
from klaster_registry.entities.operations import original
from klaster_registry.entities.partnership import first_day_without_group
from klaster_registry.entities.registration import Life, Refusal, Registration, Step, next_state
from klaster_registry.entities.saving import Saved, save
from klaster_registry.periods import END, Period
from klaster_registry.taxonomies.operations import Taxonomy, check_codes
from klaster_shared.dates import earliest, latest

Stay = Literal["cooperation", "partnership"]
Membership = Literal["group", "network", "advisory_body"]
_STAYS: tuple[Aspect, ...] = ("cooperation", "partnership")
_TAXONOMIES: dict[Membership, Taxonomy] = {"group": "groups", "network": "networks", "advisory_body": "advisory_bodies"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something is asked, and the day it is in the cluster's zone."""

    now: datetime
    today: date


async def take_step(
    session: AsyncSession, *, entity: Entity, step: Step, on: date | None, note: str | None, moment: Moment
) -> Saved:
    """Take a step in the life of an entity that is held.

    Registering gives the next RBW number (one that it had before is kept); leaving ends cooperation and partnership
    on the same day. Raises StepRefused with the rule that stands against it.
    """
    whole = await repository.load(session, entity)
    before = from_json(entity.document)
    day = on or moment.today
    following = next_state(_life(whole), step, on=day, today=moment.today)
    if isinstance(following, Refusal):
        raise StepRefused(following.sentence, rule=following.code)
    if following == "registered" and entity.rbw_number is None:
        entity.rbw_number = await repository.next_rbw_number(session)
    _move_registration(whole, following, day, note)
    aspects: list[Aspect] = ["registration"]
    if following == "left":
        _end_stays(whole, day)
        aspects += _STAYS
    return await save(session, whole=whole, before=before, aspects=aspects, now=moment.now)


def _life(whole: Whole) -> Life:
    entity = whole.entity
    rows = sorted((row for row in whole.validities if row.aspect == "registration"), key=_begin_and_end)
    last = rows[-1] if rows else None
    return Life(
        state=_state(entity.registration),
        since=None if last is None else last.valid_from if last.valid_until == END else last.valid_until,
        founded=earliest(entity.founded_on) if entity.founded_on else None,
        closed=latest(entity.closed_on) if entity.closed_on else None,
    )


def _begin_and_end(row: EntityValidity) -> tuple[date, date]:
    return row.valid_from, row.valid_until


def _state(value: Any) -> Registration:
    state: Registration = value
    return state


def _move_registration(whole: Whole, state: Registration, day: date, note: str | None) -> None:
    for row in whole.validities:
        if row.aspect == "registration" and row.valid_until == END:
            row.valid_until = day
    if state != "none":
        whole.validities.append(parts.validity(whole.entity.id, "registration", state, Period(day), note=note))
    whole.entity.registration = state


def _end_stays(whole: Whole, day: date) -> None:
    for row in whole.validities:
        if row.aspect in _STAYS:
            row.valid_until = max(row.valid_from, min(row.valid_until, day))


async def noted_registrations(session: AsyncSession, *, reference: str) -> list[dict[str, Any]]:
    """Every state in the register with what was noted about it; raises EntityNotFound or AmbiguousReference."""
    entity_id = await original(session, reference=reference)
    rows = await repository.validities_of(session, entity_id, "registration")
    return [
        {"state": row.value, **period_of(row).wire(), "note": row.note}
        for row in rows
        if row.valid_from < row.valid_until
    ]


async def add_stay(session: AsyncSession, *, entity: Entity, stay: Stay, period: Period, moment: Moment) -> Saved:
    """Add a period of cooperation or partnership to an entity that is held.

    Raises StepRefused where it is not registered, PeriodRefused where the period overlaps another or begins before
    the organisation, PartnerNeedsGroup where a partnership would have a day without a special interest group.
    """
    if entity.registration != "registered":
        raise StepRefused(f"A {stay} is for registered entities; this one is {entity.registration}", rule="wrong_state")
    whole = await repository.load(session, entity)
    _check_period(whole, stay, "yes", period)
    if stay == "partnership":
        _check_groups(whole, [period], since=period.valid_from)
    whole.validities.append(parts.validity(entity.id, stay, "yes", period))
    return await save(session, whole=whole, before=from_json(entity.document), aspects=(stay,), now=moment.now)


async def end_stay(session: AsyncSession, *, entity: Entity, stay: Stay, on: date | None, moment: Moment) -> Saved:
    """End the open cooperation or partnership of an entity that is held; `on` is its last day.

    Raises PeriodRefused where none is open, or it would end before it began.
    """
    whole = await repository.load(session, entity)
    _end_open(whole, stay, "yes", on or moment.today)
    return await save(session, whole=whole, before=from_json(entity.document), aspects=(stay,), now=moment.now)


async def join(
    session: AsyncSession, *, entity: Entity, membership: Membership, code: str, period: Period, moment: Moment
) -> Saved:
    """Make an entity that is held a member of a group or a network.

    Raises Invalid where there is no such code, PeriodRefused where it is a member already or was not founded yet.
    """
    await check_codes(session, [(_TAXONOMIES[membership], "/code", code)])
    whole = await repository.load(session, entity)
    _check_period(whole, membership, code, period)
    whole.validities.append(parts.validity(entity.id, membership, code, period))
    return await save(session, whole=whole, before=from_json(entity.document), aspects=(membership,), now=moment.now)


async def part(
    session: AsyncSession, *, entity: Entity, membership: Membership, code: str, on: date | None, moment: Moment
) -> Saved:
    """End the open membership of an entity that is held; `on` is its last day.

    Raises PeriodRefused where none is open, PartnerNeedsGroup where a partner would be left without any group.
    """
    whole = await repository.load(session, entity)
    last = on or moment.today
    _end_open(whole, membership, code, last)
    if membership == "group":
        _check_groups(whole, [period_of(row) for row in whole.of("partnership")], since=last + timedelta(days=1))
    return await save(session, whole=whole, before=from_json(entity.document), aspects=(membership,), now=moment.now)


def _check_period(whole: Whole, aspect: Aspect, value: str, period: Period) -> None:
    if any(period_of(row).overlaps(period) for row in whole.of(aspect) if row.value == value):
        raise PeriodRefused("It shares days with a period that stands already", rule="overlap")
    founded = whole.entity.founded_on
    if founded and period.valid_from < earliest(founded):
        raise PeriodRefused(f"It was founded on {earliest(founded)} at the earliest", rule="before_founded")


def _end_open(whole: Whole, aspect: Aspect, value: str, last: date) -> None:
    row = next((row for row in whole.of(aspect) if row.value == value and row.valid_until == END), None)
    if row is None:
        raise PeriodRefused("There is nothing open to end", rule="nothing_open")
    if last < row.valid_from:
        raise PeriodRefused(f"It began on {row.valid_from}", rule="before_begin")
    row.valid_until = last + timedelta(days=1)


def _check_groups(whole: Whole, partnerships: list[Period], *, since: date) -> None:
    memberships = [period_of(row) for row in whole.of("group")]
    day = first_day_without_group(partnerships, memberships, since=since)
    if day is not None:
        raise PartnerNeedsGroup(f"On {day} it would be a partner in no special interest group", rule="partner_in_sig")
