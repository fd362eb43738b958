"""What people are to be told, written down beside its reason: either both are committed or neither.

Nothing is said about demonstration events: their people are invented.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.outbox import repository
from klaster_events.outbox.kinds import MessageKind, NoticeKind
from klaster_events.outbox.models import Notice
from klaster_shared.identifiers import new_id

__all__ = ["Letter", "MessageKind", "NoticeKind", "announce", "tell"]


class Announced(Protocol):
    """What is announced: an event. Its noun stands above this one, so it is known by what is needed of it."""

    id: UUID
    demonstration: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to be. Its person is named by id; words and address are looked up when it is sent."""

    kind: MessageKind
    person_id: UUID
    language: str
    event_id: UUID | None = None
    registration_id: UUID | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    due_at: datetime | None = None


async def tell(session: AsyncSession, *, letters: Sequence[Letter], now: datetime) -> None:
    """Put messages into the outbox; one whose key was used before is left out."""
    await repository.add_messages(session, [_row(letter, now) for letter in letters])


async def announce(
    session: AsyncSession,
    *,
    event: Announced,
    kind: NoticeKind,
    now: datetime,
    context: Mapping[str, Any] | None = None,
) -> None:
    """Note that everybody concerned is to be told something about an event."""
    if event.demonstration:
        return
    notice = Notice(id=new_id(), event_id=event.id, kind=kind, context=dict(context or {}), created_at=now)
    session.add(notice)


def _row(letter: Letter, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": letter.kind,
        "event_id": letter.event_id,
        "registration_id": letter.registration_id,
        "person_id": letter.person_id,
        "language": letter.language,
        "key": letter.key,
        "context": dict(letter.context),
        "state": "waiting",
        "due_at": letter.due_at or now,
        "attempts": 0,
        "created_at": now,
    }
