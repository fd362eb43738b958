"""What a contract refers to stands among its own components: generators look nowhere else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.services import NAMES, ROOT


def references(part: Any) -> Iterator[str]:
    """Every `$ref` in it."""
    if isinstance(part, dict):
        if isinstance(found := part.get("$ref"), str):
            yield found
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


@pytest.mark.parametrize("service", NAMES)
def test_references_lead_to_components(service: str) -> None:
    contract = json.loads((ROOT / "services" / service / "openapi.json").read_text(encoding="utf-8"))
    known = {f"#/components/{kind}/{name}" for kind, named in contract["components"].items() for name in named}
    assert set(references(contract)) <= known
