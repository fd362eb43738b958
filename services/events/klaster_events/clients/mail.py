"""The mail server: connections for many messages, limits on every wait, and what it answered, without addresses."""

import asyncio
import re
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

import aiosmtplib
import structlog
from pydantic import SecretStr

Verdict = Literal["sent", "refused", "later"]
_ENHANCED = re.compile(r"^\s*(\d\.\d{1,3}\.\d{1,3})\b")  # RFC 3463; the words behind it often hold the address
_CLOSING = 421  # the server is about to hang up: nothing is wrong with the message
_ROUNDS = 3  # a message takes a few answers: each may take the whole time limit, all together not much more
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where messages go, and how."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    timeout: float
    username: str | None = None
    password: SecretStr | None = None

    @property
    def limit(self) -> float:
        """Seconds after which a message is given up for now, whatever the server does."""
        return self.timeout * _ROUNDS


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a message.

    away     nothing is wrong with it: the server takes nothing now
    hung_up  the server ended the connection, as servers do after some messages or seconds
    """

    verdict: Verdict
    reason: str | None = None
    away: bool = False
    hung_up: bool = False


class MailLine:
    """One connection, opened by the first message and kept for those that follow. For one message at a time."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._client: aiosmtplib.SMTP | None = None
        self._used = False

    async def send(self, message: EmailMessage, *, sender: str, recipient: str) -> Answer:
        """Hand one message over; never raises what a server or a network may do."""
        answer = await self._try(message, sender, recipient)
        if answer.hung_up and self._used:
            # Nothing says that the server is in trouble before a new connection does.
            await self.close()
            answer = await self._try(message, sender, recipient)
        if answer.away:
            await self.close()
        return answer

    async def close(self) -> None:
        """Hang up."""
        client, self._client, self._used = self._client, None, False
        if client is None:
            return
        try:
            async with asyncio.timeout(1):  # a courtesy: what was accepted stays accepted
                await client.quit()
        except (aiosmtplib.SMTPException, TimeoutError, OSError):
            client.close()

    async def _try(self, message: EmailMessage, sender: str, recipient: str) -> Answer:
        try:
            async with asyncio.timeout(self._server.limit):
                client = await self._connected()
                await client.send_message(message, sender=sender, recipients=[recipient])
        except Exception as error:
            answer = _answer(error, connected=self._client is not None)
            # The kind of the error alone: what it says may hold an address.
            log.info("mail_not_taken", verdict=answer.verdict, reason=answer.reason, error=type(error).__name__)
            return answer
        self._used = True
        return Answer("sent")

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None:
            server = self._server
            client = aiosmtplib.SMTP(
                hostname=server.host,
                port=server.port,
                timeout=server.timeout,
                use_tls=server.security == "tls",
                start_tls=server.security == "starttls",
                username=server.username,
                password=server.password.get_secret_value() if server.password else None,
            )
            await client.connect()  # greets and logs in as well; cut off in the middle, it leaves nothing open
            self._client = client
        return self._client


def _answer(error: Exception, *, connected: bool) -> Answer:
    """What an error of the client means to the message."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return _of_message(error.recipients[0])
    if isinstance(error, aiosmtplib.SMTPDataError):
        return _of_message(error)
    if isinstance(error, aiosmtplib.SMTPNotSupported) and connected:
        return Answer("refused", "The mail server cannot send to addresses with letters beyond ASCII")
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return Answer("refused", "The address cannot be written in a message")
    return _of_server(error)


def _of_server(error: Exception) -> Answer:
    """The server takes nothing now: it is away, or it refuses us (our greeting, password, address as the sender)."""
    hung_up = isinstance(error, aiosmtplib.SMTPServerDisconnected)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        hung_up = error.code == _CLOSING
        reason = f"The mail server refuses this service: {_codes(error)}"
    elif isinstance(error, TimeoutError):
        reason = "The mail server was silent for too long"
    elif hung_up:
        reason = "The mail server hung up"
    else:
        reason = f"The mail server cannot be used: {type(error).__name__}"
    return Answer("later", reason, away=True, hung_up=hung_up)


def _of_message(error: aiosmtplib.SMTPResponseException) -> Answer:
    if error.code == _CLOSING:
        return Answer("later", f"The mail server hangs up: {_codes(error)}", away=True, hung_up=True)
    if 500 <= error.code < 600:
        return Answer("refused", f"The mail server refuses the message: {_codes(error)}")
    return Answer("later", f"The mail server does not take the message yet: {_codes(error)}")


def _codes(error: aiosmtplib.SMTPResponseException) -> str:
    found = _ENHANCED.match(error.message)
    return f"{error.code} {found[1]}" if found else str(error.code)
