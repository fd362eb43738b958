"""The door, outermost of all: knows the caller and the operation, then forwards, or hands over to our own routes.

Plain ASGI: whatever stands on this path is paid by every request.
"""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from ipaddress import ip_address
from time import perf_counter
from uuid import UUID

import structlog
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from klaster_gateway.access.callers import KeyRing
from klaster_gateway.access.lasting import WhileKnown
from klaster_gateway.access.people import People
from klaster_gateway.access.tokens import TokenMint
from klaster_gateway.browsers.keeping import keepers
from klaster_gateway.browsers.origins import SAFE, headers_for, is_public, preflight_for
from klaster_gateway.cache.answering import Cache
from klaster_gateway.cache.repeats import Repeats
from klaster_gateway.caller import ANONYMOUS, CALLER, Caller, held_scopes
from klaster_gateway.forwarding.errors import AmbiguousLength, HeadersTooLarge
from klaster_gateway.forwarding.forwarder import Destination, Forwarder
from klaster_gateway.forwarding.head import Head, check_framing, read_head
from klaster_gateway.forwarding.metrics import note_answered, note_refused
from klaster_gateway.forwarding.table import Operation, RouteTable
from klaster_gateway.forwarding.tracing import note_answer, traced
from klaster_gateway.grants.errors import ChooseEntity, NotYourEntity
from klaster_gateway.keys.errors import ScopeMissing
from klaster_gateway.keys.secrets import KEY
from klaster_gateway.limits.addresses import Network, address_of
from klaster_gateway.limits.crowd import Crowd, Waits, waits_on_purpose
from klaster_gateway.limits.rates import Rates
from klaster_gateway.outgoing import Outgoing
from klaster_shared.errors import Forbidden, Malformed, NotFound, Problem, Unauthenticated, as_problem, problem_response
from klaster_shared.health import STRANGER, Health
from klaster_shared.logs import set_actor, set_request_id, shown

OWN = "gateway"
# Pages and probes: no operation of the contract, open to everybody.
_OPEN = frozenset({"/", "/docs", "/openapi.json", "/problems", "/favicon.ico", "/health/live", "/health/ready"})
_OPEN_BELOW = ("/docs/", "/problems/")
# For whoever runs it: answered to the private network alone, and never through a proxy.
_PRIVATE = frozenset({"/health", "/metrics", "/version"})
_PROXIED = frozenset({b"forwarded", b"x-forwarded-for"})
log = structlog.get_logger("klaster.access")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is let through: how often, how much at once, and who is who without a key."""

    rates: Rates
    crowd: Crowd
    trusted_proxies: Sequence[Network] = ()
    origins: Collection[str] = ()


class Door:
    """The gateway as an ASGI app, in front of the app that serves its own routes."""

    def __init__(
        self,
        app: FastAPI,
        *,
        table: RouteTable,
        keys: KeyRing,
        mint: TokenMint,
        forwarder: Forwarder,
        limits: Limits,
        cache: Cache | None = None,
        people: People | None = None,
    ) -> None:
        self._app = app
        self._health: Health = app.state.health
        self._table = table
        self._keys = keys
        self._mint = mint
        self._forwarder = forwarder
        self._limits = limits
        self._cache = cache
        self._people = people
        self.repeats = (
            Repeats(cache.store, limits.rates, is_stopping=lambda: self._health.draining) if cache is not None else None
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        head, outgoing = Head(), Outgoing(send, last=self._health.draining)
        set_actor("", "")
        try:
            head = read_head(scope["headers"])
            set_request_id(head.request_id.decode())
            check_framing(scope["headers"], head, scope["http_version"])
            with traced(scope, head):
                await self._serve_or_refuse(scope, receive, outgoing, head)
                note_answer(outgoing.operation, outgoing.status)
        except Exception as error:  # the last resort: whatever went wrong is a problem document, never a trace
            await self._refuse(as_problem(error), scope, receive, outgoing, head)
        finally:
            if not outgoing.waits:
                note_answered(outgoing.operation, outgoing.status, perf_counter() - started)
        if outgoing.taken is not None and outgoing.cost > 1:
            await self._limits.rates.charge(outgoing.taken, outgoing.cost - 1)

    async def _serve_or_refuse(self, scope: Scope, receive: Receive, send: Outgoing, head: Head) -> None:
        try:
            await self._serve(scope, receive, send, head)
        except Exception as error:
            await self._refuse(as_problem(error), scope, receive, send, head)

    async def _serve(self, scope: Scope, receive: Receive, send: Outgoing, head: Head) -> None:
        path, method = scope["path"], scope["method"]
        if path in _OPEN or path.startswith(_OPEN_BELOW) or (path in _PRIVATE and _is_inside(scope)):
            inside = {**_with_headers(scope, head, None), STRANGER: not _is_inside(scope)}
            await self._app(inside, receive, send)
            return
        if method == "OPTIONS":
            await self._options(path, head, scope, send)(scope, receive, send)
            return
        try:
            operation = self._table.find(path, method)
        except Problem:
            public = self._table.is_cross_origin(path)
            send.browser = headers_for(head.origin, public=public, allowed=self._limits.origins)
            raise
        send.operation = operation.id
        public = is_public(operation, method)
        send.browser = headers_for(head.origin, public=public, allowed=self._limits.origins)
        address = address_of(scope, self._limits.trusted_proxies)
        caller = await self._recognise(head, address, method)
        set_actor(caller.subject, caller.role)
        send.kept_by = keepers(caller, operation)
        send.taken = await self._limits.rates.take(caller, address, method, operation)
        if caller.role not in operation.allowed:
            raise _not_allowed(caller, operation)
        if not caller.holds(operation.scope):
            raise ScopeMissing(f"This needs the scope {operation.scope}")
        who = address if caller is ANONYMOUS else caller.subject
        how = waits_on_purpose(head, scope["query_string"])
        send.waits = operation.streams or how == "waits"

        async def ask(answer: Send, asking: Head) -> None:
            await self._ask(scope, receive, answer, asking, operation, caller, who, how)

        if self._cache is None or operation.streams:
            await ask(send, head)
        elif caller is ANONYMOUS and operation.role == "anonymous" and method in SAFE:
            made_of = self._forwarder.services if operation.service == OWN else (operation.service,)
            found = await self._cache.serve(scope, head, send, made_of=made_of, only_head=method == "HEAD", ask=ask)
            if found is not None and self.repeats is not None:
                self.repeats.remember(scope, found, send)
        else:
            if not (method in SAFE or operation.reads or operation.service == OWN):
                # Whoever has changed something sees it in the next answer, before the feed tells of it.
                send.before_answer = lambda: self._note_change(operation.service)
            await ask(send, head)

    def _note_change(self, service: str) -> None:
        assert self._cache is not None
        self._cache.store.note_change(service)

    async def _ask(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        head: Head,
        operation: Operation,
        caller: Caller,
        who: str,
        how: Waits,
    ) -> None:
        bearer = self._mint.token(caller, service=operation.service, scope=operation.scope)
        if (operation.streams or how == "waits") and (authorization := head.authorization) is not None:
            chosen = _chosen(head.entity)
            receive = WhileKnown(receive, caller, lambda: self._known(authorization, chosen))
        if operation.service == OWN:
            held_scopes.set(caller.scopes)
            own = {**_with_headers(scope, head, bearer), CALLER: caller}
            with self._limits.crowd.within(OWN, who, how="listens") if operation.streams else nullcontext():
                await self._app(own, receive, send)
            return
        to = Destination(
            service=operation.service,
            bearer=bearer,
            max_body=operation.max_body,
            patience=operation.patience,
            waits=how == "waits",
        )
        with self._limits.crowd.within(operation.service, who, how=how):
            await self._forwarder.forward(scope, receive, send, head=head, to=to)

    async def _recognise(self, head: Head, address: str, method: str) -> Caller:
        """The caller; guesses at keys count as requests of the address that they come from."""
        if head.authorization is None:
            return ANONYMOUS
        try:
            return await self._known(head.authorization, _chosen(head.entity))
        except Unauthenticated:
            await self._limits.rates.take(ANONYMOUS, address, method, None)
            raise

    async def _known(self, authorization: str, chosen: UUID | None) -> Caller:
        """The holder of a key of ours, or of an access token of an issuer that is configured."""
        scheme, _, token = authorization.partition(" ")
        if self._people is not None and scheme.lower() == "bearer" and not token.lstrip().startswith(KEY):
            return await self._people.caller_of(token.strip(), chosen=chosen)
        caller = await self._keys.caller_of(authorization)
        if chosen is not None and caller.entity != chosen:
            raise NotYourEntity(f"This key does not speak for {chosen}")
        return caller

    def _options(self, path: str, head: Head, scope: Scope, send: Outgoing) -> Response:
        methods = self._table.methods(path)
        if not methods:
            raise NotFound
        wanted = next((value for name, value in scope["headers"] if name == b"access-control-request-method"), b"")
        if (method := wanted.decode("latin-1")) in methods:
            public = is_public(self._table.find(path, method), method)
            send.browser = preflight_for(head.origin, methods=methods, public=public, allowed=self._limits.origins)
        return Response(
            status_code=204, headers={"Allow": ", ".join(methods), "X-Request-ID": head.request_id.decode()}
        )

    async def _refuse(self, problem: Problem, scope: Scope, receive: Receive, send: Send, head: Head) -> None:
        if not isinstance(problem, NotFound):
            log.info(
                "refused", method=scope["method"], path=shown(scope["path"]), status=problem.status, code=problem.code
            )
        note_refused(problem.code)
        response = problem_response(problem, scope["path"])
        if head.request_id:
            response.headers["X-Request-ID"] = head.request_id.decode()
        if isinstance(problem, HeadersTooLarge | AmbiguousLength):
            response.headers["Connection"] = "close"
        await response(scope, receive, send)


def _not_allowed(caller: Caller, operation: Operation) -> Problem:
    if caller is ANONYMOUS:
        return Unauthenticated(f"This needs a key of the role {operation.role}", headers={"WWW-Authenticate": "Bearer"})
    if caller.entity is None and len(caller.entities) > 1 and "partner" in operation.allowed:
        return ChooseEntity("Send Klaster-Entity with the id of one of them; /v1/whoami lists them")
    return Forbidden(f"This needs the role {operation.role}; yours is {caller.role}")


def _chosen(entity: str | None) -> UUID | None:
    if entity is None:
        return None
    try:
        return UUID(entity)
    except ValueError as error:
        raise Malformed("Klaster-Entity is the id of one entity") from error


def _with_headers(scope: Scope, head: Head, bearer: str | None) -> Scope:
    """The request as our own routes see it: the internal token in the place of the key, HEAD as GET."""
    headers = [(name.encode(), value.encode()) for name, value in head.forwarded]
    headers += [(name, value) for name, value in scope["headers"] if name in {b"host", b"transfer-encoding"}]
    headers.append((b"x-request-id", head.request_id))
    if bearer is not None:
        headers.append((b"authorization", f"Bearer {bearer}".encode()))
    # The server itself leaves the body of an answer to HEAD away.
    return {**scope, "method": "GET" if scope["method"] == "HEAD" else scope["method"], "headers": headers}


def _is_inside(scope: Scope) -> bool:
    """Whether the request comes from this machine or a private network, and not on somebody's behalf."""
    client = scope.get("client")
    if client is None or any(name in _PROXIED for name, _value in scope["headers"]):
        return False
    try:
        return ip_address(client[0]).is_private
    except ValueError:
        return False
