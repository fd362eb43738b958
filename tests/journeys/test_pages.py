"""Pages of commands: they run from top to bottom, and answer what the page shows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.journeys.conftest import MailFolder
from tests.running import Running
from tests.services import ROOT

pytestmark = pytest.mark.timeout(300)  # the first test waits for a stack that is seeded

PAGES = ("integrators.md", "indicators.md", "events.md", "keys.md", "webhooks.md", "lsos.md")
TOOLS = ("bash", "curl", "jq", "python3")
_BLOCK = re.compile(r"^```(sh|json|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGE = ROOT / "docs" / "integrators.md"
_MARK = "--- the next block ---"


def steps(page: str) -> list[tuple[str, str]]:
    """Each block of commands with what the page shows of its output; `...` stands for anything."""
    found: list[tuple[str, str]] = []
    for kind, text in _BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8")):
        if kind == "sh":
            found.append((text, ""))
        else:
            found[-1] = (found[-1][0], text)
    return found


def shows(expected: str, output: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("..."))
    return re.fullmatch(pattern, output.strip(), re.DOTALL) is not None


@pytest.mark.skipif(not all(shutil.which(tool) for tool in TOOLS), reason="needs bash, curl, jq and python3")
class TestPage:
    @pytest.mark.parametrize("page", PAGES)
    def test_answers_what_it_shows(self, empty_stack: Running, mail: MailFolder, page: str) -> None:
        blocks = steps(page)
        script = f"echo '{_MARK}'\n".join(commands for commands, _ in blocks)
        reached = {"API": empty_stack.url, "KEY": empty_stack.admin_key, "MAIL": str(mail.folder)}
        # `python3` is the one that runs this: it has what programs of the pages import.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, **reached, "NO_PROXY": "*", "PATH": path}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,  # what was said before it failed says where
        )
        outputs = done.stdout.split(_MARK)
        for (commands, expected), output in zip(blocks, outputs, strict=False):
            assert shows(expected, output), f"{commands}\nanswers\n{output}\n{done.stderr}"
        assert done.returncode == 0, done.stderr
        assert len(outputs) == len(blocks) > 5


class TestFollower:
    """The program of the page, as it stands there."""

    def test_holds_what_there_is_and_sees_what_comes(self, empty_stack: Running, tmp_path: Path) -> None:
        [program] = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        assert len([line for line in program.splitlines() if line.strip()]) <= 40
        (tmp_path / "follow.py").write_text(program, encoding="utf-8")
        office = httpx.Client(
            base_url=empty_stack.url, headers={"Authorization": f"Bearer {empty_stack.admin_key}"}, trust_env=False
        )
        key = office.post("/v1/keys", json={"name": "follower", "role": "integrator"}).json()["key"]
        environment = {**os.environ, "API": empty_stack.url, "INTEGRATOR": key, "NO_PROXY": "*"}
        command = [sys.executable, str(tmp_path / "follow.py")]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as follower:
            assert follower.stdout is not None
            try:
                assert re.fullmatch(r"\d+ records at position \d+\n", follower.stdout.readline())
                added = office.post("/v1/entities", json={"names": [{"value": "Nowa"}]}).json()
                seen = follower.stdout.readline().split()
            finally:
                follower.kill()
        office.close()
        assert seen[1:] == ["created", "entities", added["id"]]
