"""Where a listener is: one position for each service, written as one id that clients send back as they got it."""

import re
from collections.abc import Iterable, Mapping

from klaster_shared.errors import FieldError, Invalid

_ONE = re.compile(r"([a-z]+)-([0-9]{1,19})")
_LARGEST = 2**63 - 1


def written(positions: Mapping[str, int]) -> str:
    """`registry-1042.indicators-55.events-77`: nothing in it needs escaping in a header or a query."""
    return ".".join(f"{service}-{position}" for service, position in positions.items())


def read(text: str, *, services: Iterable[str], pointer: str) -> dict[str, int]:
    """The positions in an id; raises Invalid where it is none of ours. A service may be missing: it begins now."""
    known, found = set(services), dict[str, int]()
    for part in text.split("."):
        match = _ONE.fullmatch(part)
        service, position = (match[1], int(match[2])) if match else ("", 0)
        if service not in known or service in found or position > _LARGEST:
            raise _wrong(pointer)
        found[service] = position
    return found


def _wrong(pointer: str) -> Invalid:
    detail = "Send the id of the last event as it came, or nothing to begin now"
    return Invalid(detail, errors=[FieldError(pointer=pointer, code="not_a_position", detail=detail)])
