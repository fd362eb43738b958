"""A small, repeatable piece of `make fuzz`: every check, in every phase, where integrators come in."""

from pathlib import Path

import pytest

from tests.fuzz.keys import key_of
from tests.fuzz.running import run
from tests.running import Running

INTEGRATORS = r"^/v1/(registry/(search|suggest|rules|reconcile|match|changes)|keys|whoami)$"


@pytest.mark.timeout(600)
def test_finds_nothing_where_integrators_come_in(contract_tools: Path, stack: Running) -> None:
    key = key_of("integrator", url=stack.url, admin_key=stack.admin_key)
    options = [
        "--include-path-regex",
        INTEGRATORS,
        "--max-examples",
        "2",
        "--seed",
        "1",
        "--generation-database",
        "none",
    ]
    assert run(stack.url, key, options) == 0
