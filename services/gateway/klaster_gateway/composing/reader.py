"""Asks the services for the parts of one page, in its caller's name and language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from klaster_gateway.clients.neighbours import Neighbours
from klaster_shared.access import may
from klaster_shared.tokens import Claims

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One page's questions."""

    neighbours: Neighbours
    principal: Claims
    language: str
    today: date

    async def get(self, service: str, path: str, /, *, scope: str, **params: Any) -> Mapping[str, Any]:
        """One answer of a service; a parameter that is a list is repeated."""
        return await self.neighbours.get(
            service, path, principal=self.principal, scope=scope, params=pairs(params), language=self.language
        )

    @property
    def is_office(self) -> bool:
        """Whether the caller sees what only the office does."""
        return may(self.principal.role, "office")

    @property
    def is_public(self) -> bool:
        """Whether everybody would see the same: what is made for others is stored nowhere."""
        return self.principal.role == "anonymous"


def pairs(params: Params) -> list[tuple[str, str]]:
    """Parameters as they are sent; None is not."""
    found: list[tuple[str, str]] = []
    for name, value in params.items():
        values = value if isinstance(value, list | tuple) else [value]
        found += [(name.rstrip("_"), str(one)) for one in values if one is not None]
    return found


def link_to(path: str, /, **params: Any) -> str:
    """Where a caller reads the whole of a section."""
    query = urlencode(pairs(params))
    return f"{path}?{query}" if query else path
