"""Rules of the architecture that no linter has."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.services import NAMES, ROOT

PACKAGES = [
    ROOT / "shared" / "klaster_shared",
    *(ROOT / "services" / name / f"klaster_{name}" for name in NAMES),
]
SOURCES = sorted(path for folder in PACKAGES for path in folder.rglob("*.py") if "migrations" not in path.parts)


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Every called name of a file, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            yield name, node.lineno


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, `from a import b` as `a.b`, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)


def noun_of(path: Path) -> str:
    """The folder of a service's package that a file lies in, however deep."""
    package = next(package for package in PACKAGES if path.is_relative_to(package))
    return path.relative_to(package).parts[0]


def places(names: set[str], allowed: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        if path.name not in allowed and "testing" not in path.parts
        for name, line in calls(path)
        if name in names
    ]


class TestPlaces:
    def test_commit_stands_in_one_file(self) -> None:
        assert places({"commit"}, {"database.py"}) == []

    def test_select_stands_in_repositories(self) -> None:
        # Tools that own a table of their own, and the one that counts the rows of every table.
        toolbox = {"changes.py", "compaction.py", "following.py", "history.py", "idempotency.py", "jobs.py", "stock.py"}
        # filters.py: what a noun's list filters by, shared by its repository with its figures.
        assert places({"select"}, {"repository.py", "filters.py", *toolbox}) == []

    def test_what_callers_write_holds_no_plain_days(self) -> None:
        """The library takes numbers for days and times: `Day` and `Moment` of the toolbox do not."""
        sent = ("Create", "Update", "In", "Change", "Given", "Parameters", "Filters")
        found = [
            f"{path.relative_to(ROOT)}:{field.lineno}"
            for path in SOURCES
            if path.name == "schemas.py"
            for shape in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(shape, ast.ClassDef) and shape.name.endswith(sent)
            for field in shape.body
            if isinstance(field, ast.AnnAssign)
            and {"date", "datetime", "AwareDatetime"}
            & {name.id for name in ast.walk(field.annotation) if isinstance(name, ast.Name)}
        ]
        assert found == [], found

    def test_nouns_never_reach_into_another_noun_s_repository(self) -> None:
        found = [
            f"{path.relative_to(ROOT)}:{line}"
            for path in SOURCES
            if "services" in path.parts
            for module, line in imports(path)
            if module.endswith(".repository") and module.split(".")[1] != noun_of(path)
        ]
        assert found == []

    @pytest.mark.parametrize("name", NAMES)
    def test_nouns_do_not_depend_on_each_other_in_a_circle(self, name: str) -> None:
        package = f"klaster_{name}"
        folder = ROOT / "services" / name / package
        nouns = {path.name for path in folder.iterdir() if (path / "__init__.py").exists()} - {"migrations"}
        uses: dict[str, set[str]] = {noun: set() for noun in nouns}
        for path in folder.rglob("*.py"):
            own = path.relative_to(folder).parts[0]
            for module, _line in imports(path):
                parts = module.split(".")
                if own in nouns and parts[0] == package and len(parts) > 1 and parts[1] in nouns - {own}:
                    uses[own].add(parts[1])
        # Raises CycleError, which names the circle.
        assert list(TopologicalSorter(uses).static_order()) is not None

    def test_no_drawer_for_everything(self) -> None:
        drawers = {"utils.py", "helpers.py", "common.py", "service.py", "misc.py"}
        assert [str(path) for path in SOURCES if path.name in drawers] == []

    def test_every_module_says_what_lives_in_it(self) -> None:
        silent = [
            str(path.relative_to(ROOT)) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
        ]
        assert silent == []

    def test_no_file_is_empty(self) -> None:
        assert [str(path) for path in SOURCES if not path.read_text(encoding="utf-8").strip()] == []


class TestWords:
    @pytest.mark.parametrize("word", ["T" + "ODO", "F" + "IXME", "X" + "XX"])
    def test_nothing_is_left_for_later_in_silence(self, word: str) -> None:
        assert [str(path) for path in SOURCES if word in path.read_text(encoding="utf-8")] == []

    def test_locks_carry_hashes_and_no_addresses(self) -> None:
        locks = [ROOT / "requirements-dev.lock", *(ROOT / "services" / name / "requirements.lock" for name in NAMES)]
        for lock in locks:
            text = lock.read_text(encoding="utf-8")
            assert "--hash=sha256:" in text
            assert "://" not in text
            assert not [line for line in text.splitlines() if line.startswith(("--index", "--find"))]
