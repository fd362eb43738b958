"""Working off the outbox: claimed, written, handed to the mail server, marked. At least once, under one Message-ID.

No mail is sent inside a transaction. A worker that is killed between sending and marking sends the message again,
which mail programs know by its Message-ID; one that is killed before sending leaves it to the next.
"""

import asyncio
import random
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from klaster_events.clients.mail import Answer, MailLine, MailServer
from klaster_events.links.operations import Links, signing_links
from klaster_events.messages import repository
from klaster_events.messages.composing import Sender, compose, envelope_address
from klaster_events.messages.relevance import pointless
from klaster_events.messages.subjects import Subject, subjects_of
from klaster_events.outbox.models import Message
from klaster_shared.database import Database

BATCH = 10
# No message is begun later in a run than this: then notices have their turn, and a service that stops is not kept
# waiting. A lease lasts for the run and for the one message that it may end with.
LONGEST_RUN = timedelta(seconds=15)
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds; a greylisting server wants five to fifteen minutes
AWAY_PAUSE = 300.0  # seconds; a server that is back should not wait an hour for what was never refused
GIVEN_UP_AFTER = timedelta(days=4)  # as mail servers do
log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class Post:
    """What sending needs."""

    database: Database
    server: MailServer | None
    sender: Sender
    connections: int
    clock: Callable[[], datetime]


@dataclass
class _Round:
    """What one run has done so far; `away` ends it, for every connection."""

    until: datetime
    counts: Counter[str] = field(default_factory=Counter)
    away: str | None = None


async def deliver(post: Post) -> dict[str, int | str]:
    """Send what is due; how many messages were sent, refused, dropped or put off. Without a mail server they wait."""
    if post.server is None:
        return {"waiting_for": "mail_server"}
    done = _Round(post.clock() + LONGEST_RUN)
    async with asyncio.TaskGroup() as group:
        for _ in range(post.connections):
            group.create_task(_work(post, MailLine(post.server), done))
    return {**done.counts, **({"away": done.away} if done.away else {})}


async def _work(post: Post, line: MailLine, done: _Round) -> None:
    """One connection's share of what is due."""
    try:
        while done.away is None and post.clock() <= done.until and (batch := await _claim(post, done)):
            await _hand_out(post, line, batch, done)
    finally:
        await line.close()


@dataclass(frozen=True, slots=True)
class _Batch:
    messages: Sequence[Message]
    links: Links


async def _claim(post: Post, done: _Round) -> _Batch | None:
    assert post.server is not None, "nothing is claimed that cannot be sent"
    now = post.clock()
    async with post.database.read() as session:  # an idle service is not made to write
        if not await repository.is_anything_due(session, now=now):
            return None
    # A message may be tried on two connections, one after the other.
    until = done.until + timedelta(seconds=2 * post.server.limit + 10)
    async with post.database.write() as session:
        links = await signing_links(session, now=now)
        messages = await repository.claim(session, limit=BATCH, now=now, until=until)
    return _Batch(messages, links) if messages else None


async def _hand_out(post: Post, line: MailLine, batch: _Batch, done: _Round) -> None:
    async with post.database.read() as session:
        subjects = await subjects_of(session, messages=batch.messages, links=batch.links, now=post.clock())
    for position, subject in enumerate(subjects):
        if done.away is not None or post.clock() > done.until:
            await _put_back(post, [left.message.id for left in subjects[position:]], done)
            return
        await _hand_over(post, line, subject, done)


async def _hand_over(post: Post, line: MailLine, subject: Subject, done: _Round) -> None:
    message = subject.message
    if (reason := pointless(subject, now=post.clock())) is not None:
        await _mark(post, message.id, state="dropped", problem=reason)
        done.counts["dropped"] += 1
        return
    answer = await _try(post, line, subject)
    await _note(post, message, answer)
    done.counts[answer.verdict] += 1
    if answer.away:
        done.away = answer.reason


async def _try(post: Post, line: MailLine, subject: Subject) -> Answer:
    try:
        recipient = envelope_address(subject.email or "")
        letter = compose(subject, sender=post.sender, now=post.clock())
    except UnicodeError:
        return Answer("refused", "The address cannot be written in a message")
    except Exception as error:  # whatever it is, it is ours to mend, and keeps back none of the others
        # Where, and of which kind; what it says may hold a name.
        where = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-3:]]
        log.error("message_not_written", message=str(subject.message.id), error=type(error).__name__, where=where)
        return Answer("later", "The message could not be written: the log says why")
    return await line.send(letter, sender=post.sender.address, recipient=recipient)


async def _note(post: Post, message: Message, answer: Answer) -> None:
    now = post.clock()
    if answer.verdict == "sent":
        async with post.database.write() as session:
            await repository.mark_sent(session, message.id, now=now)
        return
    given_up = message.created_at + GIVEN_UP_AFTER < now and message.attempts > 5
    if answer.verdict == "refused" or given_up:
        await _mark(post, message.id, state="failed", problem=answer.reason)
        return
    pause = away_pause(message.attempts) if answer.away else pause_after(message.attempts)
    await _mark(post, message.id, due_at=now + pause, problem=answer.reason)


async def _mark(post: Post, message_id: UUID, **values: object) -> None:
    async with post.database.write() as session:
        await repository.mark(session, message_id, **values)


async def _put_back(post: Post, ids: Sequence[UUID], done: _Round) -> None:
    due = post.clock() + (away_pause(1) if done.away else timedelta(0))
    async with post.database.write() as session:
        await repository.put_back(session, ids, due=due, problem=done.away)
    done.counts["put_back"] += len(ids)


def pause_after(attempts: int) -> timedelta:
    """Wait before the next try of a message: doubling from half a minute to an hour, with jitter above half."""
    return _pause(min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 20)))


def away_pause(attempts: int) -> timedelta:
    """Wait before a server is asked again that took nothing at all."""
    return _pause(min(AWAY_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 20)))


def _pause(ceiling: float) -> timedelta:
    return timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311 # no secret depends on it
