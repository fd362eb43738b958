"""One run of Schemathesis: its command line, with the committed configuration."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.services import ROOT

PROGRAM = ROOT / ".venv-contract" / "bin" / "schemathesis"
CONFIGURATION = ROOT / "schemathesis.toml"
# Nobody is asked to wait: what is tried here is what operations answer, not how often.
NO_LIMITS = {
    f"GATEWAY_RATE_{name}": "100000000/minute"
    for name in (
        "ANONYMOUS",
        "ANONYMOUS_WRITE",
        "RECONCILIATION",
        "MATCHING",
        "INTEGRATOR",
        "PARTNER",
        "DEVICE",
        "OFFICE",
        "ADMIN",
    )
}


def run(url: str, key: str | None, options: Sequence[str], *, reports: Path | None = None) -> int:
    """Try every operation as the holder of `key`; 0 where nothing was found."""
    command = [str(PROGRAM), "--config-file", str(CONFIGURATION), "run", f"{url}/openapi.json", "--url", url]
    command += ["--checks", "all", "--request-timeout", "30", "--no-color", *options]
    if key is not None:
        command += ["--header", f"Authorization: Bearer {key}"]
    if reports is not None:
        command += ["--report", "json", "--report-dir", str(reports)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "NO_PROXY": "127.0.0.1"}, check=False).returncode
