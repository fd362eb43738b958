"""The release before this one: its commit and where its tables stood, as `deploy/previous-release.json` says."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.services import ROOT

_TOLD = json.loads((ROOT / "deploy" / "previous-release.json").read_text(encoding="utf-8"))
COMMIT: str = _TOLD["commit"]
HEADS: dict[str, str] = _TOLD["heads"]


def unpack(folder: Path) -> None:
    """Put the code of the release before into a folder; skips the test where its commit is not at hand."""
    if _git("cat-file", "-e", f"{COMMIT}^{{commit}}") != 0:
        pytest.skip(f"the release before ({COMMIT[:8]}) is not in this clone: git fetch --unshallow")
    archive = folder / "release.tar"
    assert _git("archive", "--output", str(archive), COMMIT, "services", "shared") == 0
    subprocess.run(["tar", "--extract", "--file", archive, "--directory", folder], check=True)
    archive.unlink()


def _git(*command: str) -> int:
    try:
        return subprocess.run(["git", *command], cwd=ROOT, capture_output=True, check=False).returncode
    except FileNotFoundError:
        pytest.skip("the release before is taken from the history, and there is no git")
