"""Where the merged contract lies: beside the code in an image, in the service's folder in a working copy."""

from pathlib import Path
from typing import Any

from pydantic_core import from_json

_PACKAGE = Path(__file__).parent.parent
_PLACES = (_PACKAGE / "openapi.json", _PACKAGE.parent / "openapi.json")


def contract_bytes() -> bytes:
    """The committed contract as it is served, read each time: it is two megabytes, and seldom asked for.

    Raises FileNotFoundError, saying how it is made.
    """
    for place in _PLACES:
        if place.exists():
            return place.read_bytes()
    raise FileNotFoundError(f"no merged contract at {_PLACES[1]}: `make openapi` makes it")


def committed_contract() -> dict[str, Any]:
    """The committed contract, read."""
    document: dict[str, Any] = from_json(contract_bytes())
    return document
