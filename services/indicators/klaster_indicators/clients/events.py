"""The events service, asked for the figures that it counts."""

from klaster_indicators.clients.figures import FiguresOf
from klaster_shared.clients import Neighbour
from klaster_shared.tokens import Signer

READ_TIMEOUT = 20.0  # distinct people over years of attendance; only a job waits for it


def events_figures(base_url: str, signer: Signer) -> FiguresOf:
    """The events service's figures, asked in this service's own name."""
    return FiguresOf(Neighbour("events", base_url, signer=signer, read_timeout=READ_TIMEOUT))
