"""What must hold of a new booking: terms accepted, on the grid, in time, and free."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.bookings import repository
from klaster_events.bookings.errors import NotBookable, OwnResource, SlotTaken
from klaster_events.bookings.grid import Grid, on_the_quarter
from klaster_events.bookings.schemas import BookingCreate
from klaster_events.entities import operations as entities
from klaster_events.resources.models import BookingRules, Resource
from klaster_events.resources.records import is_shared
from klaster_shared.errors import Invalid


def grid_of(rules: BookingRules) -> Grid:
    """The slot grid that rules make."""
    return Grid(zone=rules.zone, hours=rules.hours, slot_minutes=rules.slot_minutes)


async def check_wish(
    session: AsyncSession,
    *,
    given: BookingCreate,
    resource: Resource,
    rules: BookingRules | None,
    entity_id: UUID,
    now: datetime,
) -> None:
    """Refuse what the rules do not allow, before it is known whether it is free.

    Raises NotBookable, OwnResource, and Invalid naming the field.
    """
    if rules is None or not rules.open:
        raise NotBookable("It takes no bookings")
    if not is_shared(resource, given.ends_at.astimezone(ZoneInfo(rules.zone)).date()):
        raise NotBookable("It is not shared on that day")
    if resource.owner_id in await entities.ids_of(session, entity_id=entity_id):
        raise OwnResource("Keep the time free with a time without bookings instead")
    if given.accepts_terms != rules.terms_version:
        raise Invalid.field("/accepts_terms", "terms", f"The terms that hold are version {rules.terms_version}")
    _check_time(given, rules, now)


def _check_time(given: BookingCreate, rules: BookingRules, now: datetime) -> None:
    count = grid_of(rules).covers(given.starts_at, given.ends_at)
    if not count:
        raise Invalid.field(
            "/starts_at", "off_grid", "Slots of the opening hours, one right after the other, are booked"
        )
    if count > rules.most_slots:
        raise Invalid.field("/ends_at", "too_long", f"At most {rules.most_slots} slots are booked at once")
    if given.starts_at < now + timedelta(hours=rules.notice_hours) or given.starts_at <= now:
        raise Invalid.field("/starts_at", "too_soon", f"It is booked at least {rules.notice_hours} hours ahead")
    if given.starts_at > now + timedelta(days=rules.horizon_days):
        raise Invalid.field("/starts_at", "too_far", f"It is booked at most {rules.horizon_days} days ahead")


def check_past(given: BookingCreate, now: datetime) -> None:
    """What the office writes down of a time that is over; raises Invalid."""
    for name in ("starts_at", "ends_at"):
        if not on_the_quarter(getattr(given, name)):
            raise Invalid.field(f"/{name}", "off_grid", "Times are full quarters of an hour")
    if given.ends_at > now:
        raise Invalid.field("/ends_at", "not_over", "What is not over yet was not used yet")
    if given.ends_at - given.starts_at > timedelta(days=7):
        raise Invalid.field("/ends_at", "too_long", "A booking lasts a week at the most")


async def check_free(session: AsyncSession, *, given: BookingCreate, past: bool) -> None:
    """Refuse a time that is held, or kept without bookings; the caller holds the rules. Raises SlotTaken."""
    when = (given.resource, given.starts_at, given.ends_at)
    if not past and await repository.blackouts_within(session, *when):
        raise SlotTaken("The owner takes no bookings then")
    held = await repository.taken(session, *when)
    if held:
        raise SlotTaken(f"It is taken from {min(held).isoformat()}", taken=sorted(one.isoformat() for one in held))
