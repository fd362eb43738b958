"""Which scopes a role has: those of the operations that it may call, by the contract."""

from collections.abc import Mapping
from typing import Any

from klaster_shared.access import INCLUDES

ScopesOf = Mapping[str, frozenset[str]]
ALWAYS = frozenset({"whoami:read"})  # whoever holds a key may ask what it is


def scopes_of_roles(contract: Mapping[str, Any]) -> ScopesOf:
    """Every role's scopes."""
    found = [
        ({operation["x-klaster-role"], *operation.get("x-klaster-also", ())}, operation["x-klaster-scope"])
        for item in contract["paths"].values()
        for operation in item.values()
        if isinstance(operation, Mapping) and "x-klaster-scope" in operation
    ]
    return {
        role: frozenset(scope for enough, scope in found if enough & included) for role, included in INCLUDES.items()
    }
