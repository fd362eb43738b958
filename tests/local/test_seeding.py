"""What the stack begins with: the seeds in their order, with a key that ends by itself."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local import seeding
from deploy.local.errors import Refusal
from deploy.local.processes import Program
from deploy.local.settings import RunnerSettings
from deploy.local.stack import Stack
from tests.local.conftest import Screen

# Fails where a file of its service's name is there, once: it removes the file.
SEED = """
import pathlib, sys
stone = pathlib.Path(sys.argv[1])
if stone.exists():
    stone.unlink()
    sys.exit("stumbled")
print(*sys.argv[2:])
"""


@dataclass(frozen=True, kw_only=True)
class SmallStack(Stack):
    """A stack whose seeds only say what they were asked to do."""

    key: str = "klk_passing"

    def passing_key(self, purpose: str) -> Program:
        return Program(name="gateway", command=(sys.executable, "-c", f"print({self.key!r})"))

    def seed(self, service: str, key: str, *options: str) -> Program:
        stone = str(self.settings.data / service)
        return Program(name="seed", command=(sys.executable, "-c", SEED, stone, service, key, *options))


def small_stack(folder: Path, *, demo: bool = True, key: str = "klk_passing") -> SmallStack:
    return SmallStack(settings=RunnerSettings(data=folder, demo=demo), databases={}, key=key)


class TestSeed:
    async def test_goes_from_registry_to_the_refresh(self, tmp_path: Path, screen: Screen) -> None:
        assert await seeding.seed(small_stack(tmp_path), screen.console)

        assert screen.lines[0] == "seed       | registry klk_passing --demo --part organisations"
        assert sorted(screen.lines[1:-1]) == [
            "seed       | events klk_passing --demo",
            "seed       | indicators klk_passing --demo",
            "seed       | registry klk_passing --demo --part belongings",
        ]
        assert screen.lines[-1] == "seed       | indicators klk_passing --refresh-only"

    async def test_brings_the_strategy_alone_without_demonstration(self, tmp_path: Path, screen: Screen) -> None:
        assert await seeding.seed(small_stack(tmp_path, demo=False), screen.console)

        assert screen.lines[0] == "seed       | registry klk_passing --no-demo --part organisations"
        assert sorted(screen.lines[1:-1]) == [
            "seed       | events klk_passing --no-demo",
            "seed       | indicators klk_passing --no-demo",
            "seed       | registry klk_passing --no-demo --part belongings",
        ]
        assert screen.lines[-1] == "seed       | indicators klk_passing --refresh-only"

    async def test_tries_again_where_a_service_fell_over(self, tmp_path: Path, screen: Screen) -> None:
        (tmp_path / "registry").touch()

        assert await seeding.seed(small_stack(tmp_path), screen.console)

        assert screen.lines[:2] == [
            "seed       | stumbled",
            "seed       | registry klk_passing --demo --part organisations",
        ]

    async def test_is_refused_where_there_is_no_key(self, tmp_path: Path, screen: Screen) -> None:
        with pytest.raises(Refusal, match="no key"):
            await seeding.seed(small_stack(tmp_path, key=""), screen.console)


class TestClearDemonstration:
    async def test_takes_the_observations_last(self, tmp_path: Path, screen: Screen) -> None:
        assert await seeding.clear_demonstration(small_stack(tmp_path), screen.console)

        assert sorted(screen.lines[:-1]) == [
            "seed       | events klk_passing --clear",
            "seed       | registry klk_passing --clear",
        ]
        assert screen.lines[-1] == "seed       | indicators klk_passing --clear"
