"""The registry, asked for the figures that it counts, and for its feed."""

from klaster_indicators.clients.figures import FiguresOf
from klaster_shared.clients import Neighbour
from klaster_shared.following import FeedPage
from klaster_shared.tokens import Signer

# Some thirty counts in one answer; no request waits for it, only a job.
READ_TIMEOUT = 20.0
PAGE = 500


def registry_figures(base_url: str, signer: Signer) -> FiguresOf:
    """The registry's figures, asked in this service's own name."""
    return FiguresOf(Neighbour("registry", base_url, signer=signer, read_timeout=READ_TIMEOUT))


class RegistryFeed:
    """The registry's changes, asked in this service's own name."""

    def __init__(self, base_url: str, signer: Signer) -> None:
        self._neighbour = Neighbour("registry", base_url, signer=signer, read_timeout=READ_TIMEOUT)

    async def changes(self, *, after: int) -> FeedPage:
        """The changes behind a position."""
        asked = {"after": after, "limit": PAGE}
        return await self._neighbour.read(FeedPage, "/v1/registry/changes", params=asked, scopes=["changes:read"])

    async def aclose(self) -> None:
        """Close its connections."""
        await self._neighbour.aclose()
