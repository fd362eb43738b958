"""Programs that die come back, and every program ends when it is told to."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from deploy.local.processes import Program
from deploy.local.supervisor import Patience, Supervisor
from tests.local.conftest import Screen, eventually, script

HASTY = Patience(first_pause=0.05, longest_pause=0.2, healthy_after=60, to_end=1)
STAYS = "import os, time; print('pid', os.getpid()); time.sleep(60)"
DIES = "print('hello'); raise SystemExit(3)"
SAYS_GOODBYE = """
import signal, time
signal.signal(signal.SIGTERM, lambda *_: (time.sleep({after}), print("bye"), exit()))
print("up"); time.sleep(60)
"""
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"


def pid_of(screen: Screen, line: int = -1) -> int:
    return int(screen.saying("pid")[line].rsplit(" ", 1)[1])


def is_alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


class TestRestart:
    async def test_starts_a_killed_program_again(self, tmp_path: Path, screen: Screen) -> None:
        supervisor = Supervisor([script(tmp_path, "registry", STAYS)], screen.console, HASTY)
        supervisor.start()
        await screen.until("pid")

        os.kill(pid_of(screen), signal.SIGKILL)
        await screen.until("pid", times=2)

        assert pid_of(screen, 0) != pid_of(screen, 1)
        assert screen.saying("registry was ended by SIGKILL; it starts again in 0.05 s")
        await supervisor.stop()

    async def test_pauses_longer_each_time_up_to_the_longest(self, tmp_path: Path, screen: Screen) -> None:
        supervisor = Supervisor([script(tmp_path, "events", DIES)], screen.console, HASTY)
        supervisor.start()
        await screen.until("ended with code 3", times=5)
        await supervisor.stop()

        pauses = [line.rsplit("again in ", 1)[1] for line in screen.saying("ended with code 3")]
        assert pauses[:5] == ["0.05 s", "0.1 s", "0.2 s", "0.2 s", "0.2 s"]

    async def test_forgives_a_program_that_ran_long_enough(self, tmp_path: Path, screen: Screen) -> None:
        forgiving = Patience(first_pause=0.05, longest_pause=10, healthy_after=0, to_end=1)
        supervisor = Supervisor([script(tmp_path, "events", DIES)], screen.console, forgiving)
        supervisor.start()
        await screen.until("ended with code 3", times=4)
        await supervisor.stop()

        assert all("again in 0.05 s" in line for line in screen.saying("ended with code 3"))

    async def test_goes_on_trying_where_the_program_is_missing(self, screen: Screen) -> None:
        missing = Program(name="registry", command=("/nowhere/to/be/found",))
        supervisor = Supervisor([missing], screen.console, HASTY)
        supervisor.start()
        await screen.until("registry could not start (No such file or directory)", times=2)
        await supervisor.stop()

    async def test_leaves_the_others_alone(self, tmp_path: Path, screen: Screen) -> None:
        programs = [script(tmp_path, "registry", STAYS), script(tmp_path, "events", DIES)]
        supervisor = Supervisor(programs, screen.console, HASTY)
        supervisor.start()
        await screen.until("ended with code 3", times=3)
        await supervisor.stop()

        assert len(screen.saying("pid")) == 1


class TestStop:
    async def test_ends_every_program(self, tmp_path: Path, screen: Screen) -> None:
        programs = [script(tmp_path, name, STAYS) for name in ("registry", "events")]
        supervisor = Supervisor(programs, screen.console, HASTY)
        supervisor.start()
        await screen.until("pid", times=2)

        await supervisor.stop()

        assert not any(is_alive(pid_of(screen, line)) for line in (0, 1))
        assert not screen.saying("starts again")

    async def test_ends_the_door_before_those_behind_it(self, tmp_path: Path, screen: Screen) -> None:
        slow = (
            "import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.3), print('bye'), exit()))\n"
        )
        slow += "print('up'); time.sleep(60)"
        quick = slow.replace("time.sleep(0.3), ", "")
        programs = [script(tmp_path, "registry", quick), script(tmp_path, "gateway", slow)]
        supervisor = Supervisor(programs, screen.console, HASTY)
        supervisor.start()
        await screen.until("up", times=2)

        await supervisor.stop(first="gateway")

        assert [line.split()[0] for line in screen.saying("bye")] == ["gateway", "registry"]

    async def test_kills_a_program_that_does_not_listen(self, tmp_path: Path, screen: Screen) -> None:
        supervisor = Supervisor([script(tmp_path, "events", DEAF)], screen.console, HASTY)
        supervisor.start()
        await screen.until("| deaf")

        began = time.monotonic()
        await supervisor.stop()

        assert time.monotonic() - began >= 1
        assert screen.saying("events did not end in 1 s and was killed")

    async def test_does_not_wait_for_a_pause_to_pass(self, tmp_path: Path, screen: Screen) -> None:
        long = Patience(first_pause=30, longest_pause=30)
        supervisor = Supervisor([script(tmp_path, "events", DIES)], screen.console, long)
        supervisor.start()
        await screen.until("ended with code 3")

        began = time.monotonic()
        await supervisor.stop()

        assert time.monotonic() - began < 20  # of a pause of 30

    async def test_at_once_kills_what_drains(self, tmp_path: Path, screen: Screen) -> None:
        patient = Patience(to_end=60)
        supervisor = Supervisor([script(tmp_path, "events", DEAF)], screen.console, patient)
        supervisor.start()
        await screen.until("| deaf")

        supervisor.kill()
        began = time.monotonic()
        await supervisor.stop()

        assert time.monotonic() - began < 30  # of a patience of 60


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux ends children with their parent")
class TestKilledRunner:
    async def test_takes_its_programs_with_it(self, tmp_path: Path, screen: Screen) -> None:
        inner = script(tmp_path, "inner", STAYS)
        runner = script(
            tmp_path,
            "runner",
            "import asyncio, sys\n"
            "from deploy.local.console import Console\n"
            "from deploy.local.processes import Program, run\n"
            f"asyncio.run(run(Program(name='inner', command={inner.command!r}), Console(sys.stdout, colour=False)))\n",
        )
        environment = {"PYTHONPATH": str(Path.cwd())}
        outer = Program(name=runner.name, command=runner.command, environment=environment)
        supervisor = Supervisor([outer], screen.console, Patience(first_pause=60))
        supervisor.start()
        await screen.until("pid")
        inner_pid = pid_of(screen)

        supervisor.kill()

        await eventually(lambda: not is_alive(inner_pid))
        await supervisor.stop()
