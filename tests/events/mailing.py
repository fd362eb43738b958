"""A real mail server on the loopback interface, and people who are to be told something."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any
from uuid import UUID

from aiosmtpd.smtp import SMTP
from sqlalchemy import select

from klaster_events.clients.mail import MailServer
from klaster_events.messages.composing import Sender
from klaster_events.messages.delivery import Post
from klaster_events.outbox.models import Message
from klaster_events.outbox.operations import Letter, tell
from klaster_events.people.operations import find_or_add_people
from klaster_events.people.schemas import PersonGiven
from klaster_events.registrations.codes import new_code
from klaster_events.registrations.models import Registration
from klaster_shared.database import Database
from klaster_shared.identifiers import new_id
from tests.events.conftest import NOW

SENDER = Sender(
    address="events@klaster.example", name="Klaster", public_url="https://klaster.example", confirm_hours=24
)


@dataclass
class Mailbox:
    """What a mail server took, and what it is to answer: replies by verb, each used once, then it takes everything."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=dict)
    cut_after_data: int = 0
    connections: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    holding: asyncio.Event | None = None
    holding_after: asyncio.Event | None = None

    @property
    def server(self) -> MailServer:
        """The server as the service knows it."""
        return MailServer(host="127.0.0.1", port=self.port, security="none", timeout=5)

    def _reply(self, verb: str) -> str | None:
        waiting = self.replies.get(verb, [])
        return waiting.pop(0) if waiting else None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if (reply := self._reply("RCPT")) is not None and not reply.startswith("2"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.holding is not None:
            self.reached.set()
            await self.holding.wait()
        if (reply := self._reply("DATA")) is not None:
            return reply
        found: Any = message_from_bytes(envelope.content, policy=POLICY)
        self.taken.append(found)
        self.recipients += envelope.rcpt_tos
        if self.holding_after is not None:
            self.reached.set()
            await self.holding_after.wait()
        if self.cut_after_data:
            self.cut_after_data -= 1
            server.transport.abort()
        return "250 OK"


@asynccontextmanager
async def mail_server(**options: Any) -> AsyncIterator[Mailbox]:
    """A mail server that takes everything, unless it is told otherwise."""
    box = Mailbox()

    def protocol() -> SMTP:
        box.connections += 1
        return SMTP(box, hostname="mail.example", enable_SMTPUTF8=True, ident="test", **options)

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()


@asynccontextmanager
async def silent_server() -> AsyncIterator[MailServer]:
    """A server that lets everybody in and says nothing."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    with listener:
        yield MailServer(host="127.0.0.1", port=listener.getsockname()[1], security="none", timeout=0.2)


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass
class Outbox:
    """An outbox with people in it."""

    database: Database
    clock: Clock

    def post(self, server: MailServer | None, *, connections: int = 1) -> Post:
        """What sends it."""
        return Post(database=self.database, server=server, sender=SENDER, connections=connections, clock=self.clock)

    async def register(
        self,
        event_id: str,
        *,
        name: str = "Ada Przykładowa",
        email: str = "ada@example.org",
        state: str = "confirmed",
        verified: bool = True,
        language: str = "pl",
        **more: Any,
    ) -> Registration:
        """Somebody who is registered, without a word of it."""
        async with self.database.write() as session:
            [person] = await find_or_add_people(
                session, given=[PersonGiven.model_construct(name=name, email=email)], now=NOW
            )
            row = Registration(
                id=new_id(),
                event_id=UUID(event_id),
                person_id=person,
                state=state,
                ticket=more.pop("ticket", 1),
                code=new_code(),
                language=language,
                verified_at=NOW if verified else None,
                created_at=more.pop("created_at", NOW),
                updated_at=NOW,
                **more,
            )
            session.add(row)
        return row

    async def tell(self, kind: Any, registration: Registration, **context: Any) -> UUID:
        """Put a message about a registration into the outbox."""
        letter = Letter(
            kind=kind,
            person_id=registration.person_id,
            language=registration.language,
            event_id=registration.event_id,
            registration_id=registration.id,
            context=context,
        )
        async with self.database.write() as session:
            await tell(session, letters=[letter], now=self.clock())
        return (await self.messages())[-1].id

    async def messages(self) -> list[Message]:
        """All messages as they are now, the oldest first."""
        async with self.database.read() as session:
            return list((await session.scalars(select(Message).order_by(Message.id))).all())  # type: ignore[arg-type]


Make = Callable[..., Any]
