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
from deploy.local.settings import RunnerSettings
from deploy.local.stack import MIGRATIONS, Stack, python
from deploy.services import SERVICES
from tests.local.conftest import Screen, eventually
from tests.running import running_stack

pytestmark = pytest.mark.skipif(not born.POSSIBLE, reason="only Linux hands children on to somebody else")
NOTHING_TO_MIGRATE = python("databases", "nothing", environment={MIGRATIONS: "{}"})
# How a process sees its variables, and how the system shows them.
TELL = "import os, pathlib; print(dict(os.environ), pathlib.Path('/proc/self/environ').read_bytes())"
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

    async def test_hands_a_service_its_own_settings_and_no_other_s(
        self, screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("EVENTS_SMTP_PASSWORD", "of-events")
        monkeypatch.setenv("REGISTRY_WHATEVER", "of-registry")
        monkeypatch.setenv("DATABASE", "postgresql://of-the-runner:geheim@host/db")
        monkeypatch.setenv("TZ", "of-everybody")
        databases = {service: f"sqlite+aiosqlite:///{tmp_path}/{service}.db" for service in SERVICES}
        stack = Stack(settings=RunnerSettings(data=tmp_path), databases=databases)
        printers = [stack.module(service, "timeit", "-n1", "-r1", TELL) for service in SERVICES]
        async with born.nursery(NOTHING_TO_MIGRATE, printers) as nursery:
            nursery.give_birth()
            assert await nursery.ended(NOTHING_TO_MIGRATE, screen.console) == 0
            children = await nursery.children()
        for printer, child in zip(printers, children, strict=True):
            await processes.follow(printer, child, screen.console)
        assert children[-1].stderr is not None
        assert await children[-1].stderr.read() == b""
        for printer in printers:  # as the supervisor starts one that has died
            await processes.run(printer, screen.console)
        for service in SERVICES:
            for told in (lines := screen.saying(f"{service:<10} | {{")):
                assert ("of-events" in told) == (service == "events")
                assert ("of-registry" in told) == (service == "registry")
                assert [other for other in SERVICES if f"{tmp_path}/{other}.db" in told] == [service]
                assert "of-everybody" in told
                assert "of-the-runner" not in told
            assert len(lines) == 2


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
