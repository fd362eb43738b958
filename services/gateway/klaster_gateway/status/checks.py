"""Asking every service how it is: in parallel, briefly, and not more than once a second."""

import asyncio
from datetime import datetime
from time import monotonic
from typing import Literal

from pydantic import BaseModel, ValidationError

from klaster_gateway.clients.neighbours import Neighbours
from klaster_gateway.status.schemas import ServiceStatus, Status
from klaster_shared.errors import Problem
from klaster_shared.tokens import Claims

DEADLINE = 1.0  # seconds; a service that needs longer to say how it is, is not well
KEPT = 1.0  # seconds; a public page must not become a way to keep the services busy
# /health of a service needs no token; one is sent because the client always sends one.
_PRINCIPAL = Claims(issuer="gateway", subject="service:gateway", role="anonymous", scopes=frozenset())


class _Health(BaseModel):
    state: Literal["up", "degraded"]
    since: datetime
    version: str


class StatusBoard:
    """The last answers, for a second."""

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self._known: tuple[float, list[ServiceStatus]] = (0.0, [])
        self._lock = asyncio.Lock()

    async def status(self, *, own: ServiceStatus, now: datetime) -> Status:
        """How the gateway and every service is."""
        async with self._lock:
            if self._known[0] <= monotonic():
                found = await asyncio.gather(*(self._check(name) for name in self._neighbours.names))
                self._known = (monotonic() + KEPT, list(found))
        services = [own, *self._known[1]]
        all_up = all(service.state == "up" for service in services)
        return Status(state="up" if all_up else "degraded", services=services, checked_at=now)

    async def _check(self, name: str) -> ServiceStatus:
        try:
            async with asyncio.timeout(DEADLINE):
                answer = await self._neighbours.get(name, "/health", principal=_PRINCIPAL, scope="health:read")
            health = _Health.model_validate(answer)
        except (Problem, TimeoutError, ValidationError):
            return ServiceStatus(service=name, state="down", since=None, version=None)
        return ServiceStatus(service=name, state=health.state, since=health.since, version=health.version)
