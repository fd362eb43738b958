"""Asks the services behind for what composed pages need: as their caller, in the caller's role."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from opentelemetry import propagate
from pydantic_core import from_json

from klaster_gateway.access.tokens import TokenMint
from klaster_gateway.caller import Caller, held_scopes
from klaster_gateway.forwarding.forwarder import Answer as Answered
from klaster_gateway.forwarding.forwarder import Forwarder
from klaster_gateway.stream.sources import Page, page_of
from klaster_shared.clients import Answer, Neighbour
from klaster_shared.errors import Problem, UpstreamFailed
from klaster_shared.logs import current_request_id
from klaster_shared.tokens import Claims

FEED_PAGE = 200
_LISTENING = Caller(subject="service:gateway", role="office")


class Neighbours:
    """One client per service. A page never shows more than its caller could read there alone."""

    def __init__(self, services: Mapping[str, str], *, mint: TokenMint, forwarder: Forwarder) -> None:
        self._mint = mint
        self._forwarder = forwarder
        self._clients = {
            name: Neighbour(name, url, signer=mint.signer, read_timeout=10.0, attempts=1)
            for name, url in services.items()
        }

    @property
    def names(self) -> list[str]:
        """The services there are."""
        return list(self._clients)

    async def get(
        self,
        service: str,
        path: str,
        *,
        principal: Claims,
        scope: str,
        params: Iterable[tuple[str, Any]] = (),
        language: str = "",
    ) -> Mapping[str, Any]:
        """GET as JSON; raises what the service refuses with, or what keeps its answer away."""
        caller = Caller(
            subject=principal.subject, role=principal.role, entity=principal.entity, scopes=held_scopes.get()
        )
        token = self._mint.token(caller, service=service, scope=scope)
        headers = {
            "Authorization": f"Bearer {token}",
            "X-Request-ID": current_request_id(),
            "Accept-Language": language,
        }
        propagate.inject(headers)
        query = urlencode(list(params))
        answer = await self._forwarder.read(
            service,
            f"{path}?{query}" if query else path,
            headers={name: value for name, value in headers.items() if value},
        )
        found = _document(service, answer)
        if answer.status >= 300:
            raise _refusal(service, answer, found)
        return found

    async def as_ourselves(
        self, service: str, path: str, shape: type[Answer], *, scope: str, params: Mapping[str, Any]
    ) -> Answer:
        """GET in the gateway's own name, in the role of an integrator."""
        return await self._clients[service].read(shape, path, scopes=[scope], params=params)

    async def feed(self, service: str, after: int, wait: int) -> Page:
        """A page of a service's changes, for the office: who of the listeners sees which of them is told apart here."""
        token = self._mint.token(_LISTENING, service=service, scope="changes:read")
        params = {"after": after, "wait": wait, "limit": FEED_PAGE}
        response = await self._clients[service].get(f"/v1/{service}/changes", params=params, token=token)
        return page_of(service, response.json())

    async def aclose(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()


def neighbours_of(app: FastAPI) -> Neighbours:
    """The neighbours of a running app."""
    neighbours: Neighbours = app.state.neighbours
    return neighbours


def _document(service: str, answer: Answered) -> dict[str, Any]:
    try:
        found = from_json(answer.body)
    except ValueError as error:
        raise UpstreamFailed(f"{service} gave an answer that cannot be read", service=service) from error
    if not isinstance(found, dict):
        raise UpstreamFailed(f"{service} gave an answer of another shape", service=service)
    return found


def _refusal(service: str, answer: Answered, document: Mapping[str, Any]) -> Problem:
    """The problem that a service refuses with, as it told it."""
    code, title, detail = (document.get(name) for name in ("code", "title", "detail"))
    if not (isinstance(code, str) and isinstance(title, str) and isinstance(detail, str)):
        return UpstreamFailed(f"{service} answers {answer.status}", service=service)
    location = answer.headers.get("Location")
    return _kind(code, answer.status, title)(
        detail, service=service, headers={} if location is None else {"Location": location}
    )


def told(problem: Problem, *, headers: Mapping[str, str], **extensions: Any) -> Problem:
    """The same problem, with other headers and extensions."""
    return type(problem)(problem.detail, headers=headers, **extensions)


@cache
def _kind(code: str, status: int, title: str) -> type[Problem]:
    return type("Told", (Problem,), {"code": code, "status": status, "title": title})
