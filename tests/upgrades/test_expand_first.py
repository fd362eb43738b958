"""Since the release before, tables were only widened: what narrows them says since when nobody misses it.

A migration that narrows names its reason, a release after the last that missed it: `CONTRACTS = "not read since 0.2"`.
"""

import ast
import re
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
    calls = [call for call in ast.walk(upgrade) if isinstance(call, ast.Call)]
    added = {name for call in calls for name in _added(call)}
    return [ast.unparse(call) for call in calls if _narrows(call) and not _about(call, added)]


def _added(call: ast.Call) -> Iterator[str]:
    """The column that a call adds."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "add_column":
        for column in call.args:
            if isinstance(column, ast.Call) and isinstance(column.args[0], ast.Constant):
                yield str(column.args[0].value)


def _about(call: ast.Call, columns: set[str]) -> bool:
    """Whether a check is of new columns alone, of which the release before writes nothing but their default."""
    texts = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    named = {word for text in texts for word in re.findall(r"[a-z_]+", re.sub(r"'[^']*'", "", text))}
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "create_check_constraint"
        and set() < named <= columns
    )


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
            "op.create_check_constraint(op.f('ck_events_seats'), 'seats >= 0')",
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

    def test_a_check_of_a_new_column_is_none(self) -> None:
        added = 'batch_op.add_column(sa.Column("seats", sa.Integer(), nullable=True))'
        check = "batch_op.create_check_constraint(op.f('ck_events_seats'), 'seats >= 0')"
        assert narrowing(f"def upgrade():\n    {added}\n    {check}\n") == []
