"""Tools that make clients, from Node and Python, and the stack that those clients ask."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fuzz.running import NO_LIMITS
from tests.running import Running, running_stack
from tests.services import ROOT

HERE = Path(__file__).parent
REGISTERED = 6


@pytest.fixture(scope="session")
def node() -> Path:
    """The folder of the tools that package-lock.json names; without Node, or an index to install from, a skip."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("no node and npm on PATH: clients in TypeScript are made where there are")
    known, wanted = HERE / "node_modules" / ".package-lock.json", HERE / "package-lock.json"
    if not known.exists() or known.stat().st_mtime < wanted.stat().st_mtime:
        done = subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"npm cannot install what package-lock.json names: {done.stderr.strip()[-300:]}")
        known.touch()
    return HERE / "node_modules" / ".bin"


@pytest.fixture(scope="session")
def contract_tools() -> Path:
    """The programs of requirements-contract.lock; without an index to install them from, a skip."""
    done = subprocess.run(
        ["make", "--silent", ".venv-contract/.installed"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"requirements-contract.lock cannot be installed: {done.stderr.strip()[-300:]}")
    return ROOT / ".venv-contract" / "bin"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Four services with the strategy, and a few organisations that are registered."""
    with running_stack(tmp_path_factory.mktemp("clients"), DEMO="0", **NO_LIMITS) as stack:
        headers = {"Authorization": f"Bearer {stack.admin_key}"}
        with httpx.Client(base_url=stack.url, headers=headers, timeout=30, trust_env=False) as office:
            for number in range(REGISTERED):
                _register(office, f"Organisation {number}")
        yield stack


def _register(office: httpx.Client, name: str) -> None:
    made = office.post("/v1/entities", json={"names": [{"value": name}], "seat": {"city": "Kraków", "country": "PL"}})
    where = f"/v1/entities/{made.raise_for_status().json()['id']}"
    office.post(f"{where}/apply", json={"on": "2022-02-01"}).raise_for_status()
    office.post(f"{where}/register", json={"on": "2022-03-01"}).raise_for_status()
