"""The registry, as this service asks it: one entity, and the feed of changes."""

from pathlib import Path
from uuid import UUID

from klaster_events.entities.schemas import EntityFacts
from klaster_shared.clients import Neighbour
from klaster_shared.errors import NotFound, Unavailable, UpstreamTimeout
from klaster_shared.following import FeedPage
from klaster_shared.tokens import Signer

PAGE = 500


class RegistryClient:
    """Asks the registry in the name of this service."""

    def __init__(self, base_url: str, private_key_file: Path | None) -> None:
        self._base_url = base_url
        self._key_file = private_key_file
        self._opened: Neighbour | None = None

    def _neighbour(self) -> Neighbour:
        # Opened when it is first asked: the contract can be written without a key.
        if self._opened is None:
            if self._key_file is None:
                raise Unavailable("This service has no key to ask the registry with", service="registry")
            self._opened = Neighbour("registry", self._base_url, signer=Signer.from_file("events", self._key_file))
        return self._opened

    async def entity(self, entity_id: UUID) -> EntityFacts | None:
        """One entity, None where there is none; raises Unavailable where the registry is away."""
        try:
            return await self._neighbour().read(EntityFacts, f"/v1/entities/{entity_id}", scopes=["entities:read"])
        except NotFound:
            return None
        except UpstreamTimeout as error:
            raise Unavailable(error.detail, service="registry") from error

    async def changes(self, *, after: int) -> FeedPage:
        """The changes behind a position."""
        asked = {"after": after, "limit": PAGE}
        return await self._neighbour().read(FeedPage, "/v1/registry/changes", params=asked, scopes=["changes:read"])

    async def check(self) -> None:
        """Whether it answers; raises where it does not."""
        await self._neighbour().get("/health/live", attempts=1)

    async def aclose(self) -> None:
        """Close its connections."""
        if self._opened is not None:
            await self._opened.aclose()
