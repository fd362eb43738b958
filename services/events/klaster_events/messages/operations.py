"""Rules of the outbox for the office: what waits and why, send it once more, or let it be."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.messages import repository
from klaster_events.messages.errors import MessageNotFound, MessageSettled
from klaster_events.messages.schemas import MessageListParameters
from klaster_events.outbox.models import Message

NO_SERVER = "No mail server is configured"


async def list_messages(session: AsyncSession, *, parameters: MessageListParameters) -> Sequence[Message]:
    """One page, the oldest first, and one row more where there is more."""
    return await repository.messages_page(session, parameters)


async def count_messages(session: AsyncSession, *, parameters: MessageListParameters) -> int:
    """How many there are in all."""
    return await repository.count_messages(session, parameters)


async def get_message(session: AsyncSession, *, message_id: UUID, held: bool = False) -> Message:
    """One message; raises MessageNotFound."""
    found = await repository.find_message(session, message_id, held=held)
    if found is None:
        raise MessageNotFound(f"There is no message {message_id}")
    return found


async def resend(session: AsyncSession, *, message_id: UUID, now: datetime) -> Message:
    """Have a message sent now, whatever became of it before: it keeps its Message-ID.

    One that was sent goes out once more, and mail programs may show it once. Whether it is still true is looked at
    again when it is sent.
    """
    message = await get_message(session, message_id=message_id, held=True)
    message.state, message.due_at, message.problem = "waiting", now, None
    message.attempts, message.sent_at = 0, None
    return message


async def drop(session: AsyncSession, *, message_id: UUID) -> Message:
    """Take a message out of the outbox; raises MessageSettled where it is not waiting any more."""
    message = await get_message(session, message_id=message_id, held=True)
    if message.state != "waiting":
        raise MessageSettled(f"The message is {message.state}: only one that waits can be dropped")
    message.state, message.problem = "dropped", "by_the_office"
    return message


async def waiting_since(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many messages wait, and when the oldest of them was written."""
    return await repository.oldest_waiting(session)


async def outbox_of(session: AsyncSession, *, has_server: bool, now: datetime) -> dict[str, Any]:
    """The outbox as a whole: how much waits, and since when."""
    number, oldest = await waiting_since(session)
    counts = await repository.counts(session)
    return {
        "mail_server": "configured" if has_server else "none",
        "waiting": number,
        "oldest_waiting_since": oldest,
        "oldest_waiting_seconds": int((now - oldest).total_seconds()) if oldest else None,
        "untold_notices": await repository.untold_notices(session),
        "counts": [{"state": state, "kind": kind, "number": count} for state, kind, count in counts],
    }


def record_of(message: Message, *, has_server: bool) -> dict[str, Any]:
    """A message as the office reads it; one that waits for a mail server says so."""
    record = message.model_dump(exclude={"context", "key"})
    if message.state == "waiting" and not has_server:
        record["problem"] = NO_SERVER
    return record
