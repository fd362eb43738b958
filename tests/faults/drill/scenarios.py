"""What goes wrong, and how it is put right again. Each leaves the stack as it found it."""

import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.services import SERVICES
from tests.faults.drill.programs import Programs, answers
from tests.faults.drill.server import Server
from tests.faults.drill.wires import Wire
from tests.running import Running


@dataclass
class Scene:
    """The stack, its database server, and the wire from the gateway to the registry."""

    stack: Running
    programs: Programs
    server: Server
    wire: Wire
    spare: list[subprocess.Popen[bytes]] = field(default_factory=list)


@dataclass(frozen=True)
class Fault:
    """`break_` does it, `mend` undoes it after `seconds`."""

    name: str
    break_: Callable[[Scene], object]
    mend: Callable[[Scene], object]
    seconds: float = 4.0
    needs: Callable[[Scene], str] = lambda _scene: ""  # a sentence where this machine has not what it takes


def _kill(service: str) -> Callable[[Scene], object]:
    return lambda scene: os.kill(scene.stack.process_of(service), signal.SIGKILL)


def _send(service: str, number: signal.Signals) -> Callable[[Scene], object]:
    return lambda scene: os.kill(scene.stack.process_of(service), number)


def _nothing(_scene: Scene) -> None:
    """The stack does it by itself."""


def _take_connections(scene: Scene) -> None:
    """What there is was given to others: the server answers "too many connections" (53300)."""
    for service in SERVICES:
        scene.server.psql(f"ALTER ROLE klaster_{service} CONNECTION LIMIT 0")
    scene.server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'klaster_%'")


def _give_connections_back(scene: Scene) -> None:
    for service in SERVICES:
        scene.server.psql(f"ALTER ROLE klaster_{service} CONNECTION LIMIT -1")


def _fill_disk(scene: Scene) -> None:
    with (scene.server.data / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(1 << 20))
        except OSError:
            return


def _empty_disk(scene: Scene) -> None:
    (scene.server.data / "filler").unlink()
    if not scene.server.answers():  # a server that could not write its log has stopped; its keeper starts it again
        scene.server.start()


def _restart(scene: Scene) -> None:
    scene.server.stop()
    scene.server.start()


def _ahead(scene: Scene) -> None:
    """Another registry on the same data, whose clock is an hour ahead, takes the place of the first."""
    moved = {"LD_PRELOAD": fake_time() or "", "FAKETIME": "+1h", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    scene.spare.append(scene.programs.another("registry", scene.wire.away, moved))
    scene.stack.until(lambda: answers(scene.wire.away), 60)
    scene.wire.bend(target=scene.wire.away)


def _in_time(scene: Scene) -> None:
    scene.wire.mend()
    for process in scene.spare:
        process.kill()
        process.wait()
    scene.spare.clear()


def fake_time() -> str | None:
    """The library that moves a process's clock, where it is installed (libfaketime)."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return str(found[0]) if found else None


def _migrate_twice(scene: Scene) -> None:
    """Two operators start the same upgrade at once."""
    steps = [scene.programs.migration(service) for service in ("registry", "events") for _ in range(2)]
    codes = [step.wait(timeout=120) for step in steps]
    assert codes == [0, 0, 0, 0], codes


def _wire(**way: object) -> Callable[[Scene], object]:
    return lambda scene: scene.wire.bend(**way)  # type: ignore[arg-type]


def _mend_wire(scene: Scene) -> None:
    scene.wire.mend()


CLOSED = 9  # nobody listens on the port of "discard"

FAULTS = (
    Fault("registry killed (`kill -9`)", _kill("registry"), _nothing),
    Fault("indicators killed", _kill("indicators"), _nothing),
    Fault("events killed", _kill("events"), _nothing),
    Fault("gateway killed", _kill("gateway"), _nothing),
    Fault("registry told to stop (SIGTERM), started again", _send("registry", signal.SIGTERM), _nothing),
    Fault(
        "registry stops in its tracks (SIGSTOP)",
        _send("registry", signal.SIGSTOP),
        _send("registry", signal.SIGCONT),
        8,
    ),
    Fault("PostgreSQL killed (`kill -9`), started again", lambda s: s.server.kill(), lambda s: s.server.start()),
    Fault("PostgreSQL restarted", _restart, _nothing),
    Fault("PostgreSQL stops in its tracks", lambda s: s.server.pause(), lambda s: s.server.resume(), 8),
    Fault("PostgreSQL out of connections", _take_connections, _give_connections_back),
    Fault(
        "PostgreSQL's disk is full",
        _fill_disk,
        _empty_disk,
        needs=lambda s: "" if s.server.small else "no right to mount a small disk",
    ),
    Fault("registry 2 s slower", _wire(delay=1.0), _mend_wire, 8),
    Fault("registry answers garbage", _wire(garbage=True), _mend_wire),
    Fault("network cut: gateway to registry, refused", _wire(target=CLOSED), _mend_wire),
    Fault("network cut: gateway to registry, silence", _wire(silent=True), _mend_wire, 8),
    Fault(
        "registry's clock an hour ahead",
        _ahead,
        _in_time,
        6,
        needs=lambda _: "" if fake_time() else "libfaketime is not installed",
    ),
    Fault("two migrations at once, twice", _migrate_twice, _nothing, 1),
)
