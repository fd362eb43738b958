"""The merged contract under Spectral: OpenAPI and OWASP, as .spectral.yaml has them, without a warning."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import HERE
from tests.services import ROOT

CONTRACT = ROOT / "services" / "gateway" / "openapi.json"


@pytest.mark.timeout(300)
def test_spectral_finds_nothing(node: Path) -> None:
    done = subprocess.run(
        [node / "spectral", "lint", CONTRACT, "--ruleset", HERE / ".spectral.yaml", "--format", "json", "--quiet"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout[done.stdout.index("[") :])
    assert [f"{one['code']} {'/'.join(map(str, one['path']))}" for one in found][:20] == [], done.stderr
