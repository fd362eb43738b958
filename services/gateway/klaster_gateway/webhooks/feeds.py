"""The feeds of the services, as the hub of webhooks reads them: whole, in the gateway's own name."""

from pathlib import Path

import structlog

from klaster_gateway.webhooks.kinds import FEED, RESET
from klaster_shared.clients import Neighbour
from klaster_shared.errors import PositionGone, Unavailable
from klaster_shared.following import FeedChange, FeedPage
from klaster_shared.tokens import Signer

PAGE = 500
FROM_NOW_ON = -1
log = structlog.get_logger(__name__)


class ServiceFeed:
    """One service's feed, in the role of the office: who may be told of what is decided for each receiver."""

    def __init__(self, service: str, base_url: str, private_key_file: Path | None) -> None:
        self.service = service
        self._base_url = base_url
        self._key_file = private_key_file
        self._opened: Neighbour | None = None

    def _neighbour(self) -> Neighbour:
        if self._opened is None:
            if self._key_file is None:
                raise Unavailable(f"There is no key to ask {self.service} with", service=self.service)
            signer = Signer.from_file("gateway", self._key_file)
            self._opened = Neighbour(self.service, self._base_url, signer=signer, role="office", attempts=1)
        return self._opened

    async def changes(self, *, after: int) -> FeedPage:
        """The changes behind a position.

        A feed that does not go on from there (restored from an older copy, or too old a position) goes on from its
        end, and says so: sent again from its beginning, years of changes would come to receivers as news.
        """
        try:
            return await self._page(after)
        except PositionGone:
            end = (await self._page(FROM_NOW_ON)).next
            log.warning("webhooks_feed_begins_anew", service=self.service, position=after, goes_on_from=end)
            told = FeedChange(position=end, kind=RESET, collection=FEED, id=self.service, audience="anonymous")
            return FeedPage(items=[told], next=end)

    async def _page(self, after: int) -> FeedPage:
        asked = {"after": after, "limit": PAGE}
        path = f"/v1/{self.service}/changes"
        return await self._neighbour().read(FeedPage, path, params=asked, scopes=["changes:read"])

    async def aclose(self) -> None:
        """Close its connections."""
        if self._opened is not None:
            await self._opened.aclose()
