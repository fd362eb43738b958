"""The worst of `make faults` on every run: nothing acknowledged is lost, and all is well again by itself."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from klaster_shared.testing.postgres import binary
from tests.faults.drill.drilling import drill, scene
from tests.faults.drill.load import Load
from tests.faults.drill.scenarios import FAULTS, Scene

WORST = ["PostgreSQL killed (`kill -9`), started again", "network cut: gateway to registry, silence"]
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def set_up() -> Iterator[Scene]:
    try:
        binary("initdb")
    except FileNotFoundError as error:
        pytest.skip(str(error))
    # Not below the tests' own folder, through which the server's user may not pass.
    with tempfile.TemporaryDirectory(prefix="klaster-drill-") as folder, scene(Path(folder)) as set_up:
        yield set_up


class TestFault:
    @pytest.mark.parametrize("name", WORST)
    def test_costs_no_acknowledged_write_and_passes(self, set_up: Scene, name: str) -> None:
        [fault] = [each for each in FAULTS if each.name == name]
        with Load(set_up.stack.url, set_up.stack.admin_key) as load:
            seen = drill(set_up, fault, load)
        assert seen.well_after is not None
        assert seen.lost == 0
        assert load.acknowledged
        assert {each.ended for each in seen.asked if each.failed} <= {"503", "504"}
