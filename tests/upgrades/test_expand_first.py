"""Since the release before, tables were only widened: what narrows them says since when nobody misses it.

A migration that narrows names its reason, a release after the last that missed it: `CONTRACTS = "not read since 0.2"`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from tests.services import NAMES, ROOT
from tests.upgrades.releases import HEADS

# What takes something away, or asks for something, that the release before does not know of.
NARROWS = {
    *("drop_column", "drop_table", "rename_table", "drop_constraint"),
    *("create_check_constraint", "create_unique_constraint", "create_foreign_key"),
}


def migrations(service: str) -> Iterator[Path]:
    """Those that came since the release before."""
    scripts = ScriptDirectory(str(ROOT / "services" / service / f"klaster_{service}" / "migrations"))
    for script in scripts.iterate_revisions("head", HEADS[service]):
        yield Path(script.path)


def narrowing(source: str) -> list[str]:
    """What a migration narrows, unless it says that it may."""
    tree = ast.parse(source)
    if any(isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CONTRACTS" for node in tree.body):
        return []
    [upgrade] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"]
    return [ast.unparse(call) for call in ast.walk(upgrade) if isinstance(call, ast.Call) and _narrows(call)]


def _narrows(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name == "alter_column":
        return any(word.arg in {"new_column_name", "type_"} or _says(word, "nullable", False) for word in call.keywords)
    if name == "add_column":
        [column] = [one for one in call.args if isinstance(one, ast.Call)]
        told = {word.arg for word in column.keywords}
        return any(_says(word, "nullable", False) for word in column.keywords) and "server_default" not in told
    return name in NARROWS


def _says(word: ast.keyword, name: str, value: object) -> bool:
    return word.arg == name and isinstance(word.value, ast.Constant) and word.value.value is value


@pytest.mark.parametrize("service", NAMES)
def test_migrations_since_the_release_before_only_widen(service: str) -> None:
    assert {path.name: found for path in migrations(service) if (found := narrowing(path.read_text("utf-8")))} == {}


class TestNarrowing:
    @pytest.mark.parametrize(
        "line",
        [
            'op.drop_column("events", "zone")',
            'batch_op.add_column(sa.Column("seats", sa.Integer(), nullable=False))',
            'batch_op.alter_column("zone", existing_type=sa.String(), nullable=False)',
            'batch_op.alter_column("zone", new_column_name="time_zone")',
            'op.create_unique_constraint("uq_events_code", "events", ["code"])',
        ],
    )
    def test_is_seen(self, line: str) -> None:
        assert len(narrowing(f"def upgrade():\n    {line}\n")) == 1
        assert narrowing(f'CONTRACTS = "nobody reads it since 0.2.0"\ndef upgrade():\n    {line}\n') == []

    @pytest.mark.parametrize(
        "line",
        [
            'batch_op.add_column(sa.Column("seats", sa.Integer(), server_default=sa.text("0"), nullable=False))',
            'batch_op.add_column(sa.Column("seats", sa.Integer(), nullable=True))',
            'batch_op.alter_column("zone", existing_type=sa.String(), nullable=True)',
        ],
    )
    def test_widening_is_none(self, line: str) -> None:
        assert narrowing(f"def upgrade():\n    {line}\n") == []
