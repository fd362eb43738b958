"""docs/frontend.md, as a frontend team follows it: types from the contract, its code compiled, and run."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import HERE
from tests.running import Running
from tests.services import ROOT

PAGE = ROOT / "docs" / "frontend.md"
OPTIONS = {
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True,
    "noPropertyAccessFromIndexSignature": True,
    "target": "es2022",
    "lib": ["es2022", "dom", "dom.asynciterable", "dom.iterable"],
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "skipLibCheck": True,
    "types": ["node"],
}
TOLD = """strangers are anonymous and we are admin
read 5 of them on three pages
changed: true then: false
made once: true
422 names seat.city seat.country
kept: true too late: true still: true
a change, to go on from: true
quota: "anonymous"
"""


def blocks() -> dict[str, str]:
    """The page's files by their names, each named in its first line."""
    found = re.findall(r"```ts\n// (src/\w+\.ts)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return dict(found)


@pytest.fixture(scope="module")
def project(node: Path, stack: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the page's code and the types of the contract that the stack serves."""
    folder = tmp_path_factory.mktemp("frontend")
    (folder / "node_modules").symlink_to(node.parent)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS, "include": ["src"]}))
    (folder / "src").mkdir()
    for name, code in blocks().items():
        (folder / name).write_text(code, encoding="utf-8")
    options = re.search(r"npx openapi-typescript \S+ (.*)", PAGE.read_text(encoding="utf-8"))
    assert options is not None
    made = [node / "openapi-typescript", f"{stack.url}/openapi.json", *options[1].split()]
    subprocess.run(made, cwd=folder, check=True, capture_output=True)
    return folder


def run(folder: Path, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.timeout(300)
class TestFrontendPage:
    def test_compiles_and_runs(self, project: Path, node: Path, stack: Running) -> None:
        compiled = run(project, node / "tsc", "--outDir", "out")
        assert compiled.stdout == ""
        ran = run(project, "node", "out/tour.js", KLASTER_URL=stack.url, KLASTER_KEY=stack.admin_key)
        assert (ran.stdout, ran.stderr) == (TOLD, "")

    def test_names_the_tools_that_are_tried(self) -> None:
        wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["devDependencies"]
        page = PAGE.read_text(encoding="utf-8")
        assert all(name in page for name in ("openapi-fetch", "openapi-typescript"))
        assert f"typescript@{wanted['typescript'].split('.')[0]}" in page
