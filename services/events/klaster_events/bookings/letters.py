"""Who is told what of a booking: whoever comes, and whom the owner names. Nobody of a demonstration's."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.bookings.models import Booking
from klaster_events.outbox.kinds import MessageKind
from klaster_events.outbox.operations import Letter, tell
from klaster_events.resources.models import BookingRules


async def tell_comer(session: AsyncSession, *, booking: Booking, kind: MessageKind, now: datetime) -> None:
    """Tell whoever comes; of each kind once."""
    if booking.demonstration:
        return
    letter = Letter(
        kind=kind,
        person_id=booking.person_id,
        language=booking.language,
        context={"booking": str(booking.id)},
        key=f"{kind}:{booking.id}",
    )
    await tell(session, letters=[letter], now=now)


async def tell_owner(
    session: AsyncSession, *, booking: Booking, rules: BookingRules | None, kind: MessageKind, now: datetime
) -> None:
    """Tell whom the owner names, if anybody."""
    if booking.demonstration or rules is None or rules.person_id is None:
        return
    letter = Letter(
        kind=kind,
        person_id=rules.person_id,
        language="pl",
        context={"booking": str(booking.id)},
        key=f"{kind}:{booking.id}",
    )
    await tell(session, letters=[letter], now=now)
