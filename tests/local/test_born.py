"""Programs that are copies of one process: the runner's own children all the same, and gone with it."""

import os
import platform
import signal
import sys
import time
from pathlib import Path

import pytest

from deploy.local import born, processes
from deploy.local.processes import Program
from deploy.local.stack import MIGRATIONS, python
from tests.local.conftest import Screen, eventually
from tests.running import running_stack

pytestmark = pytest.mark.skipif(not born.POSSIBLE, reason="only Linux hands children on to somebody else")
NOTHING_TO_MIGRATE = python("databases", "nothing", environment={MIGRATIONS: "{}"})
SERVER = python("server", "http.server", "0", "--bind", "127.0.0.1")


class TestNursery:
    async def test_starts_programs_that_are_the_runner_s_children_under_their_own_names(self, screen: Screen) -> None:
        programs = [SERVER, python("printer", "platform")]
        async with born.nursery(NOTHING_TO_MIGRATE, programs) as nursery:
            nursery.give_birth()
            assert await nursery.ended(NOTHING_TO_MIGRATE, screen.console) == 0
            server, printer = await nursery.children()
        assert await processes.listen(programs[1], printer, screen.console) == (0, platform.platform())
        assert parent_of(server.pid) == os.getpid()
        # It has its name a moment after it was born.
        await eventually(lambda: "-m http.server 0" in command(server.pid))
        assert command(server.pid).startswith(sys.executable)
        assert await processes.end(server, within=10)
        assert server.returncode == -signal.SIGTERM
        assert await processes.end(server, within=10)

    async def test_starts_nothing_where_it_is_told_not_to_or_not_all_is_migrated(
        self, screen: Screen, tmp_path: Path
    ) -> None:
        async with born.nursery(NOTHING_TO_MIGRATE, [SERVER]) as nursery:
            nursery.refrain()
            assert await nursery.ended(NOTHING_TO_MIGRATE, screen.console) == 1
        told = f'{{"events": {{"EVENTS_DATABASE_URL": "sqlite+aiosqlite:///{tmp_path}/no/events.db"}}}}'
        broken = Program(name="databases", command=(), environment={MIGRATIONS: told})
        async with born.nursery(broken, [SERVER]) as nursery:
            nursery.give_birth()
            assert await nursery.ended(broken, screen.console) == 1
        assert screen.saying("events's database could not be migrated")


class TestKilledRunner:
    def test_takes_all_its_services_along(self, tmp_path: Path) -> None:
        with running_stack(tmp_path, DEMO="0") as stack:
            services = [stack.process_of(name) for name in ("gateway", "registry", "indicators", "events")]
            os.kill(stack.process.pid, signal.SIGKILL)
            stack.process.wait()
            while any(command(process) for process in services):  # pytest itself ends what waits for ever
                time.sleep(0.05)


def command(process: int) -> str:
    """How a process is listed; nothing once it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def parent_of(process: int) -> int:
    """Whose child it is."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
