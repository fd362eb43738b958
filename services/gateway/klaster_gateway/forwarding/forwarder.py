"""Forwards one request to a service over a pooled client, and passes its answer back as it comes."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter
from typing import Any

import aiohttp
import structlog
from starlette.types import Receive, Scope, Send
from yarl import URL

from klaster_gateway.forwarding.bodies import READ_WHOLE, BodyStream, check_length, read_whole, too_large
from klaster_gateway.forwarding.errors import (
    ClientGone,
    ServiceDown,
    ServiceGarbled,
    ServiceRefusesGateway,
    ServiceSilent,
)
from klaster_gateway.forwarding.head import Head, answer_headers, target_of
from klaster_gateway.forwarding.metrics import note_forwarded
from klaster_gateway.forwarding.patience import PATIENCE
from klaster_gateway.forwarding.retries import AGAIN, Budget, pause
from klaster_gateway.forwarding.watch import DisconnectWatch
from klaster_shared.errors import Problem

KEEP_IDLE = 60.0  # seconds; services keep an idle connection for 75, so the closing side is usually us
IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})
GONE = 499  # in the metrics alone: the client left before there was an answer
_NO_BODY = frozenset({204, 304})
_STREAM = "text/event-stream"
_WAIT = re.compile(rb"((?:^|&)wait=)[^&]*")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a request goes, and in whose name."""

    service: str
    bearer: str
    max_body: int
    patience: float | None = None
    waits: bool = False  # on purpose: how long it takes says nothing


@dataclass(frozen=True, slots=True)
class Answer:
    """A service's answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Forwarder:
    """The connections to the services behind. Nothing is followed, unpacked, stored or added on the way."""

    def __init__(self, services: Mapping[str, str], *, connect_timeout: float, read_timeout: float) -> None:
        self.services = tuple(services)
        self._bases = {name: url.rstrip("/") for name, url in services.items()}
        self._timeout = _timeout(connect_timeout, read_timeout)
        # What an operation is given, where that is not the usual.
        self._timeouts = {each: _timeout(connect_timeout, each) for each in set(PATIENCE.values())}
        self._budgets = {name: Budget(name) for name in services}
        self._streams: set[aiohttp.ClientResponse] = set()
        self._ending = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the pool: one for all services."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_IDLE),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            timeout=self._timeout,
            trust_env=False,
            max_line_size=32 * 1024,
            max_field_size=32 * 1024,
        )
        # The library would ask everything idempotent again by itself, without a budget, and beside our own repetitions.
        self._session._retry_connection = False

    def end_streams(self) -> None:
        """The gateway stops: streams end, and long polls are answered with what there is."""
        self._ending.set()
        for response in self._streams:
            response.close()

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def forward(self, scope: Scope, receive: Receive, send: Send, *, head: Head, to: Destination) -> None:
        """Pass the request on and the answer back.

        Raises a problem as long as nothing of an answer is sent. Once it has begun, an answer that breaks off is cut
        short, so that the caller's client sees that it is incomplete.
        """
        check_length(head, to.max_body)
        watch = DisconnectWatch(receive)
        started, status = perf_counter(), GONE
        try:
            body = await self._body(receive, head, to, watch)
            ask = self._ask_waiting if _WAIT.search(scope["query_string"]) else self._ask
            response = await ask(scope, head, to, body)
            status = response.status
            try:
                _refuse_refusal(response, to.service)
                await self._pass_back(response, head, to, send, watch, only_head=scope["method"] == "HEAD")
            finally:
                response.close()  # a connection whose answer was read whole is back in the pool already
                self._streams.discard(response)
        except Problem as problem:
            status = problem.status
            raise
        except ClientGone:
            log.debug("client_gone", service=to.service)
        except asyncio.CancelledError:
            if not watch.took_it_back():
                raise
            log.debug("client_gone", service=to.service)
        finally:
            watch.stop()
            if not to.waits:
                note_forwarded(to.service, status, perf_counter() - started)

    async def read(self, service: str, target: str, *, headers: Mapping[str, str]) -> Answer:
        """GET for a composed page: status, headers and the whole body; raises what keeps it away."""
        assert self._session is not None, "the app has not started"
        url = URL(self._bases[service] + target, encoded=True)
        try:
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                _refuse_refusal(response, service)
                return Answer(response.status, response.headers, await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            to = Destination(service=service, bearer="", max_body=0)
            raise _problem(error, to, None, repeatable=True) from error

    async def _body(
        self, receive: Receive, head: Head, to: Destination, watch: DisconnectWatch
    ) -> bytes | BodyStream | None:
        if head.chunked or (head.length or 0) > READ_WHOLE:
            return BodyStream(receive, limit=to.max_body, at_end=watch.start)
        body = await read_whole(receive) if head.length else None
        watch.start()
        return body

    async def _ask(
        self, scope: Scope, head: Head, to: Destination, body: bytes | BodyStream | None
    ) -> aiohttp.ClientResponse:
        assert self._session is not None, "the app has not started"
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        url = URL(self._bases[to.service] + target_of(scope["raw_path"], scope["query_string"]), encoded=True)
        headers = [
            *head.forwarded,
            ("authorization", f"Bearer {to.bearer}"),
            ("x-request-id", head.request_id.decode()),
            ("via", "1.1 klaster"),
        ]
        timeout = self._timeout if to.patience is None else self._timeouts[to.patience]
        budget, attempt = self._budgets[to.service], 0
        budget.note_request()
        while True:
            try:
                return await self._session.request(
                    method, url, headers=headers, data=body, allow_redirects=False, timeout=timeout
                )
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                problem = _problem(error, to, body, repeatable=method in IDEMPOTENT)
                # Silence is not asked again: whoever was slow once has enough to do.
                again = method == "GET" and body is None and isinstance(problem, ServiceDown)
                if not again or isinstance(error, TimeoutError) or attempt == AGAIN or not budget.take():
                    raise problem from error
            await asyncio.sleep(pause(attempt))
            attempt += 1

    async def _ask_waiting(
        self, scope: Scope, head: Head, to: Destination, body: bytes | BodyStream | None
    ) -> aiohttp.ClientResponse:
        """A long poll; when the gateway stops it is asked anew, without waiting, and so is answered at once."""
        asking = asyncio.create_task(self._ask(scope, head, to, body))
        ending = asyncio.create_task(self._ending.wait())
        tasks: set[asyncio.Task[Any]] = {asking, ending}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                return asking.result()
        finally:
            for task in tasks:
                task.cancel()
        at_once = _WAIT.sub(rb"\g<1>0", scope["query_string"])
        return await self._ask({**scope, "query_string": at_once}, head, to, body)

    async def _pass_back(
        self,
        response: aiohttp.ClientResponse,
        head: Head,
        to: Destination,
        send: Send,
        watch: DisconnectWatch,
        *,
        only_head: bool,
    ) -> None:
        headers = answer_headers(response.raw_headers, without_length=response.status in _NO_BODY)
        headers.append((b"x-request-id", head.request_id))
        start = {"type": "http.response.start", "status": response.status, "headers": headers}
        length = response.content_length
        if length is not None and length <= READ_WHOLE:
            # Read whole before anything is sent: a body that breaks off can still become a problem document.
            whole = await _whole(response, to)
            watch.stop()
            await send(start)
            await send({"type": "http.response.body", "body": whole})
            return
        await send(start)
        if only_head or await self._passed_on(response, to, send):
            watch.stop()
            await send({"type": "http.response.body", "body": b""})

    async def _passed_on(self, response: aiohttp.ClientResponse, to: Destination, send: Send) -> bool:
        """Whether a body came to an end. Left without one, the caller's connection is closed: their client sees it."""
        streams = response.content_type == _STREAM
        if streams:
            self._streams.add(response)
        if streams and self._ending.is_set():
            return True
        try:
            # iter_any hands over what has come, and stops reading from the service while the caller is slow.
            async for chunk in response.content.iter_any():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if streams and self._ending.is_set():
                return True
            log.warning("service_broke_off", service=to.service, error=f"{type(error).__name__}: {error}")
            return False
        return True


def _timeout(connect: float, silence: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=silence)


def _refuse_refusal(response: aiohttp.ClientResponse, service: str) -> None:
    """The caller was let in at the door: a service answers 401 to us alone, whose clock or keys differ from its own."""
    if response.status == HTTPStatus.UNAUTHORIZED:
        log.error("service_refuses_gateway", service=service)
        raise ServiceRefusesGateway(
            f"{service} does not believe the gateway: the clocks or the keys of the machines differ", service=service
        )


def _problem(
    error: Exception, to: Destination, body: bytes | BodyStream | None, *, repeatable: bool
) -> Problem | ClientGone:
    """What a failure of the connection means to the caller."""
    if isinstance(body, BodyStream) and body.client_gone:
        return ClientGone()
    if isinstance(body, BodyStream) and body.too_large:
        return too_large(to.max_body)
    log.warning("service_failed", service=to.service, error=f"{type(error).__name__}: {error}")
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return ServiceDown(f"{to.service} cannot be reached", service=to.service, headers={"Retry-After": "1"})
    if isinstance(error, TimeoutError):
        return ServiceSilent(f"{to.service} was silent for too long", service=to.service)
    if isinstance(error, aiohttp.ClientOSError | aiohttp.ServerDisconnectedError | OSError):
        doubt = "" if repeatable else "; whether the request was carried out is not known"
        detail = f"{to.service} broke off before it answered{doubt}"
        return ServiceDown(detail, service=to.service, headers={"Retry-After": "1"})
    return ServiceGarbled(f"{to.service} does not speak HTTP as it should", service=to.service)


async def _whole(response: aiohttp.ClientResponse, to: Destination) -> bytes:
    try:
        return await response.content.read()
    except TimeoutError as error:
        raise ServiceSilent(f"{to.service} stopped in the middle of its answer", service=to.service) from error
    except (aiohttp.ClientError, OSError) as error:
        log.warning("service_broke_off", service=to.service, error=f"{type(error).__name__}: {error}")
        detail = f"{to.service} broke off in the middle of its answer"
        raise ServiceDown(detail, service=to.service, headers={"Retry-After": "1"}) from error
