"""Identifiers that the examples of check-in share."""

from typing import Any

from pydantic import ConfigDict

LIST = "01900000-0000-7000-8000-0000000000c1"
EVENT = "01900000-0000-7000-8000-0000000000e1"
REGISTRATION = "01900000-0000-7000-8000-0000000000f1"
DEVICE = "key:01900000-0000-7000-8000-0000000000d1"


def shown(*examples: dict[str, Any], closed: bool = False) -> ConfigDict:
    """The configuration of a shape with examples; a closed one takes no other properties."""
    config = ConfigDict(json_schema_extra={"examples": list(examples)}, populate_by_name=True)
    return ConfigDict(**config, extra="forbid") if closed else config
