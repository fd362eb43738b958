"""People with access tokens: whom the issuer says they are, and what the office granted them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic
from uuid import UUID

from klaster_gateway.caller import Caller
from klaster_gateway.grants.errors import NotYourEntity
from klaster_gateway.grants.models import Grant
from klaster_gateway.grants.operations import active_grants
from klaster_gateway.issuers.verifying import Holder, Issuers
from klaster_shared.access import INCLUDES, may
from klaster_shared.database import Database
from klaster_shared.dates import utc_now

KEPT = 0.5  # seconds: a grant that was ended opens nothing a second later
_MAX_KEPT = 10_000


class People:
    """Recognises holders of access tokens."""

    def __init__(self, database: Database, issuers: Issuers, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._issuers = issuers
        self._clock = clock
        self._known: dict[str, tuple[float, Sequence[Grant]]] = {}

    async def caller_of(self, token: str, *, chosen: UUID | None) -> Caller:
        """Who holds a token, acting for the entity that they chose, or for the only one that they represent.

        Raises TokenRefused, IssuerAway, or NotYourEntity where they chose one that they do not represent.
        """
        holder = await self._issuers.holder_of(token)
        grants = await self._grants(holder)
        entities = tuple(dict.fromkeys(grant.entity for grant in grants if grant.entity is not None))
        if chosen is not None and chosen not in entities:
            raise NotYourEntity(f"Nobody granted that you act for {chosen}")
        roles = [holder.role, *(grant.role for grant in grants if grant.entity is None)]
        role: str = max(roles, key=lambda each: len(INCLUDES[each]))  # type: ignore[index]
        entity = chosen or (entities[0] if len(entities) == 1 else None)
        if entity is not None and not may(role, "partner"):
            # An integrator who also represents somebody says so; whoever is nothing else need not.
            if chosen is not None or role == "anonymous":
                role = "partner"
            else:
                entity = None
        return Caller(
            subject=holder.subject,
            role=role,
            entity=entity,
            issuer=holder.issuer,
            issuer_subject=holder.issuer_subject,
            entities=entities,
        )

    async def _grants(self, holder: Holder) -> Sequence[Grant]:
        known = self._known.get(holder.subject)
        if known is not None and known[0] > monotonic():
            return known[1]
        async with self._database.read() as session:
            found = await active_grants(session, issuer=holder.issuer, subject=holder.issuer_subject, now=self._clock())
        if len(self._known) >= _MAX_KEPT:
            self._known.clear()
        self._known[holder.subject] = (monotonic() + KEPT, found)
        return found

    async def aclose(self) -> None:
        """Close the connections to issuers."""
        await self._issuers.aclose()
