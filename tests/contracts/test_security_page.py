"""What the page for operators says of security names tests that there are."""

import re

from tests.services import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECTION = re.split(r"^## ", PAGE.split("\n## Security\n")[1], flags=re.MULTILINE)[0]
TRIED = re.compile(r"`(tests/[\w/.]+):\s([\w,\s]+)`")


def classes(place: str) -> set[str]:
    """Names of the test classes in a file, or in all files of a folder."""
    path = ROOT / place
    files = path.glob("test_*.py") if path.is_dir() else [path]
    return {name for file in files for name in re.findall(r"^class (\w+)", file.read_text(), re.MULTILINE)}


class TestSection:
    def test_names_tests_that_there_are(self) -> None:
        tried = {(place, name) for place, names in TRIED.findall(SECTION) for name in re.split(r",\s", names)}
        assert len(tried) > 30
        assert {(place, name) for place, name in tried if name not in classes(place)} == set()

    def test_has_a_test_in_each_line(self) -> None:
        lines = [line for line in SECTION.splitlines() if line.startswith("| ") and "tried by" not in line]
        assert len(lines) > 25
        assert [line for line in lines if not TRIED.search(line)] == []
