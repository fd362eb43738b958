"""Asks the services behind for what composed pages need: as their caller, in the caller's role."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI

from klaster_gateway.access.tokens import TokenMint
from klaster_gateway.caller import Caller, held_scopes
from klaster_shared.clients import Answer, Neighbour
from klaster_shared.errors import UpstreamFailed
from klaster_shared.tokens import Claims


class Neighbours:
    """One client per service. A page never shows more than its caller could read there alone."""

    def __init__(self, services: Mapping[str, str], *, mint: TokenMint) -> None:
        self._mint = mint
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
        """GET as JSON; raises a problem where the service is away, refuses, or answers something else."""
        caller = Caller(
            subject=principal.subject, role=principal.role, entity=principal.entity, scopes=held_scopes.get()
        )
        token = self._mint.token(caller, service=service, scope=scope)
        response = await self._clients[service].get(
            path, params=list(params), token=token, headers={"Accept-Language": language}
        )
        try:
            found = response.json()
        except ValueError as error:
            raise UpstreamFailed(f"{service} gave an answer that cannot be read", service=service) from error
        if not isinstance(found, dict):
            raise UpstreamFailed(f"{service} gave an answer of another shape", service=service)
        return found

    async def as_ourselves(
        self, service: str, path: str, shape: type[Answer], *, scope: str, params: Mapping[str, Any]
    ) -> Answer:
        """GET in the gateway's own name, in the role of an integrator."""
        return await self._clients[service].read(shape, path, scopes=[scope], params=params)

    async def aclose(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()


def neighbours_of(app: FastAPI) -> Neighbours:
    """The neighbours of a running app."""
    neighbours: Neighbours = app.state.neighbours
    return neighbours
