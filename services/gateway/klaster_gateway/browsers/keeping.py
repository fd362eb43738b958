"""Who may keep an answer: what is not public leaves here for nobody to keep, whatever the service behind says."""

from typing import Literal

from klaster_gateway.caller import ANONYMOUS, Caller
from klaster_gateway.forwarding.table import Operation

Kept = Literal["whoever the service says", "the caller alone", "nobody"]
NOT_KEPT = b"private, no-store"


def keepers(caller: Caller, operation: Operation) -> Kept:
    """Who may keep what this operation answers this caller: what a key is shown may be more than what all are."""
    if operation.role != "anonymous":
        return "nobody"
    return "whoever the service says" if caller is ANONYMOUS else "the caller alone"


def kept(said: bytes, by: Kept) -> bytes:
    """`Cache-Control` as the caller gets it."""
    if by == "nobody":
        return said if b"no-store" in said else NOT_KEPT
    return said.replace(b"public", b"private") if by == "the caller alone" else said
