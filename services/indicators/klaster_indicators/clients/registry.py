"""The registry, asked for the figures that it counts."""

from klaster_indicators.clients.figures import FiguresOf
from klaster_shared.clients import Neighbour
from klaster_shared.tokens import Signer

# Some thirty counts in one answer; no request waits for it, only a job.
READ_TIMEOUT = 20.0


def registry_figures(base_url: str, signer: Signer) -> FiguresOf:
    """The registry's figures, asked in this service's own name."""
    return FiguresOf(Neighbour("registry", base_url, signer=signer, read_timeout=READ_TIMEOUT))
