"""The door, outermost of all: knows the caller and the operation, then forwards, or hands over to our own routes.

Plain ASGI: whatever stands on this path is paid by every request.
"""

from ipaddress import ip_address

import structlog
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from klaster_gateway.access.callers import ANONYMOUS, Caller, KeyRing
from klaster_gateway.access.tokens import TokenMint
from klaster_gateway.cross_origin import preflight, readable_anywhere
from klaster_gateway.forwarding.errors import HeadersTooLarge
from klaster_gateway.forwarding.forwarder import Destination, Forwarder
from klaster_gateway.forwarding.head import Head, read_head
from klaster_gateway.forwarding.table import Operation, RouteTable
from klaster_shared.errors import Forbidden, NotFound, Problem, Unauthenticated, as_problem, problem_response
from klaster_shared.logs import set_request_id

OWN = "gateway"
# Pages and probes: no operation of the contract, open to everybody.
_OPEN = frozenset({"/", "/docs", "/openapi.json", "/problems", "/favicon.ico", "/health/live", "/health/ready"})
_OPEN_BELOW = ("/docs/", "/problems/")
# For whoever runs it: answered to the private network alone, and never through a proxy.
_PRIVATE = frozenset({"/health", "/metrics", "/version"})
_PROXIED = frozenset({b"forwarded", b"x-forwarded-for"})
log = structlog.get_logger("klaster.access")


class Door:
    """The gateway as an ASGI app, in front of the app that serves its own routes."""

    def __init__(
        self, app: FastAPI, *, table: RouteTable, keys: KeyRing, mint: TokenMint, forwarder: Forwarder
    ) -> None:
        self._app = app
        self._table = table
        self._keys = keys
        self._mint = mint
        self._forwarder = forwarder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = Head()
        try:
            head = read_head(scope["headers"])
            set_request_id(head.request_id.decode())
            await self._serve(scope, receive, send, head)
        except Exception as error:  # the last resort: whatever went wrong is a problem document, never a trace
            await self._refuse(as_problem(error), scope, receive, send, head)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, head: Head) -> None:
        path, method = scope["path"], scope["method"]
        if path in _OPEN or path.startswith(_OPEN_BELOW) or (path in _PRIVATE and _is_inside(scope)):
            await self._app(_with_headers(scope, head, None), receive, send)
            return
        if method == "OPTIONS":
            await self._options(path, head)(scope, receive, send)
            return
        operation = self._table.find(path, method)
        if operation.cross_origin:
            send = readable_anywhere(send)
        caller = ANONYMOUS if head.authorization is None else await self._keys.caller_of(head.authorization)
        if caller.role not in operation.allowed:
            raise _not_allowed(caller, operation)
        bearer = self._mint.token(caller, service=operation.service, scope=operation.scope)
        if operation.service == OWN:
            await self._app(_with_headers(scope, head, bearer), receive, send)
            return
        to = Destination(service=operation.service, bearer=bearer, max_body=operation.max_body)
        await self._forwarder.forward(scope, receive, send, head=head, to=to)

    def _options(self, path: str, head: Head) -> Response:
        methods = self._table.methods(path)
        if not methods:
            raise NotFound
        allowed = {"Allow": ", ".join(methods), "X-Request-ID": head.request_id.decode()}
        if self._table.is_cross_origin(path):
            allowed |= preflight(methods)
        return Response(status_code=204, headers=allowed)

    async def _refuse(self, problem: Problem, scope: Scope, receive: Receive, send: Send, head: Head) -> None:
        if not isinstance(problem, NotFound):
            log.info("refused", method=scope["method"], path=scope["path"], status=problem.status, code=problem.code)
        response = problem_response(problem, scope["path"])
        if self._table.is_cross_origin(scope["path"]):
            send = readable_anywhere(send)
        if head.request_id:
            response.headers["X-Request-ID"] = head.request_id.decode()
        if isinstance(problem, HeadersTooLarge):
            response.headers["Connection"] = "close"
        await response(scope, receive, send)


def _not_allowed(caller: Caller, operation: Operation) -> Problem:
    if caller is ANONYMOUS:
        return Unauthenticated(f"This needs a key of the role {operation.role}", headers={"WWW-Authenticate": "Bearer"})
    return Forbidden(f"This needs the role {operation.role}; yours is {caller.role}")


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
