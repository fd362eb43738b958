"""Node's packages of these tests: installed once, as the lock file says; without Node the tests are skipped."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


@cache
def node() -> str:
    """The program, with the packages beside it; skips where there is none, or no index to take packages from."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        pytest.skip("these tests need Node: there is no node or npm here")
    if not (FOLDER / "node_modules" / "oidc-provider").exists():
        installed = subprocess.run(["npm", "ci"], check=False, cwd=FOLDER, capture_output=True, text=True, timeout=300)
        if installed.returncode:
            pytest.skip(f"these tests need Node's packages: {installed.stderr.strip().splitlines()[-1]}")
    return found
