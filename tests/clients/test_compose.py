"""Compose files against the schema that compose v2 reads them by; 1.29 reads them in tests/containers."""

import subprocess
from pathlib import Path

from tests.architecture.test_stacks import FILES
from tests.services import ROOT


def checked(tools: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    """What the published schema of compose files says of some."""
    command = [tools / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", *files]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class TestSpecification:
    def test_allows_what_the_files_say(self, contract_tools: Path) -> None:
        done = checked(contract_tools, *(ROOT / file for file in FILES))

        assert done.returncode == 0, done.stdout + done.stderr

    def test_knows_no_other_words(self, contract_tools: Path, tmp_path: Path) -> None:
        file = tmp_path / "docker-compose.yml"
        right = (ROOT / FILES[0]).read_text(encoding="utf-8")
        file.write_text(right.replace("read_only:", "read_olny:"), encoding="utf-8")

        done = checked(contract_tools, file)

        assert done.returncode == 1
        assert "read_olny" in done.stdout + done.stderr
