"""Charts that were drawn lately, and the process that draws the others."""

from collections import OrderedDict

from klaster_indicators.charts.picture import Picture
from klaster_shared.children.child import Child

DRAWING = "klaster_indicators.charts.drawing"
SECONDS = (
    30.0  # a chart takes half a second; the first one after a while loads its libraries, on a busy machine for long
)
KEPT = 64  # charts of about 60 kB: 4 MiB at most


class Gallery:
    """Draws charts, and keeps the latest."""

    def __init__(self) -> None:
        self._artist = Child(DRAWING, seconds=SECONDS)
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    async def chart(self, picture: Picture) -> bytes:
        """The chart as SVG; raises Unavailable where it cannot be drawn in time."""
        question = picture.to_json()
        drawn = self._kept.get(question)
        if drawn is None:
            drawn = self._kept[question] = await self._artist.ask(question)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(question)
        return drawn

    async def aclose(self) -> None:
        """End the drawing process."""
        await self._artist.aclose()
