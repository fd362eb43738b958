"""Breaking, mending, and what was seen meanwhile."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.drill.load import Asked, Load
from tests.faults.drill.programs import Programs
from tests.faults.drill.scenarios import Fault, Scene
from tests.faults.drill.server import Server
from tests.faults.drill.wires import Wire
from tests.running import Running, free_ports

WELL_FOR = 2.0  # seconds without a failure, after which it is well
WELL_WITHIN = 90.0


@dataclass(frozen=True)
class Seen:
    """What came of one fault; `well_after` is None where it never became well."""

    fault: Fault
    asked: list[Asked]
    lost: int
    well_after: float | None


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """A stack on a PostgreSQL server of its own, the registry behind a wire."""
    server = Server(folder)
    port = free_ports()
    wire = Wire(port + 1)
    try:
        away = {"GATEWAY_REGISTRY_URL": f"http://127.0.0.1:{wire.port}", "GATEWAY_READ_TIMEOUT": "5"}
        unlimited = {"GATEWAY_RATE_ADMIN": "1000000/minute"}
        stack = Running(folder, port, DEMO="0", DATABASE=server.url, LOG_LEVEL="WARNING", **away, **unlimited)
        try:
            stack.until_said("seeded", 300)
            yield Scene(stack, Programs(folder / "data"), server, wire)
        finally:
            stack.stop()
    finally:
        wire.close()
        server.close()


def drill(scene: Scene, fault: Fault, load: Load) -> Seen:
    """Break it under load, mend it, wait until it is well."""
    _wait_until_well(load)
    began = time.monotonic()
    fault.break_(scene)
    threading.Event().wait(fault.seconds)
    fault.mend(scene)
    mended = time.monotonic()
    well = _wait_until_well(load)
    asked = load.since(began)
    last = max((each.at + each.seconds for each in asked if each.failed), default=mended)
    return Seen(fault, asked, len(load.lost()), max(0.0, last - mended) if well else None)


def _wait_until_well(load: Load) -> bool:
    limit = time.monotonic() + WELL_WITHIN
    while not load.is_well(WELL_FOR):
        if time.monotonic() > limit:
            return False
        threading.Event().wait(0.1)
    return True


def processors() -> int:
    """Of this machine."""
    return os.cpu_count() or 1
