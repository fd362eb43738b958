"""`python -m deploy.local.nursery`: migrates, then starts the services as copies of one process, and is gone.

What takes the time of a start is not the starting but what has to be imported for it: here once, before the process is
copied. What the copies do not change of that, the machine holds once for all of them. The runner adopts them.

A service's settings are its own: the nursery begins without any, reads them from its input, and a copy takes those of
its program alone among its variables. So neither `os.environ` of a service nor `/proc/PID/environ` (of a copy: the
variables that the nursery began with) shows another's. What is not hidden: a copy's memory still holds what the nursery
had read, until Python needs the place. Only its owner and root read that; who wants it otherwise gives each service an
account of its own, as containers do.
"""

import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from deploy.local.copies import copy
from deploy.local.processes import PR_SET_PDEATHSIG

# What all of the four import, and none of them differently. Alembic is not among it: no service needs it.
SHARED = (
    "fastapi",
    "sqlmodel",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "uvicorn.protocols.http.httptools_impl",
    "httpx",
    "klaster_shared.app",
    "klaster_shared.server",
    "klaster_shared.jobs",
)


def main() -> int:
    """Migrate; wait for a line, which says that there are keys; start all, and write down which processes they are."""
    told: Mapping[str, Any] = json.loads(sys.stdin.readline())
    for name in SHARED:
        importlib.import_module(name)
    if os.waitpid(copy(partial(_migrate, told["migrations"])), 0)[1]:
        return 1
    if not sys.stdin.readline():  # the runner has other worries
        return 1
    gc.collect()
    gc.freeze()  # the collector would write into every page of what is shared
    handed = {told["answer"], *(one[stream] for one in told["programs"] for stream in ("output", "errors"))}
    nursery = os.getpid()
    started = [copy(partial(_become, program, handed, nursery, told["runner"])) for program in told["programs"]]
    with os.fdopen(told["answer"], "w") as answer:
        json.dump(started, answer)
    return 0


def _migrate(environments: Mapping[str, Mapping[str, str]]) -> int:
    from deploy.local import migrating  # draws in Alembic

    return migrating.migrate(environments)


def _become(program: Mapping[str, Any], handed: Iterable[int], nursery: int, runner: int) -> int:
    """Be the program: its own session, lines, name and variables; ended with the runner, whose child it becomes."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, place in ((nothing, 0), (program["output"], 1), (program["errors"], 2)):
        os.dup2(descriptor, place)
    for descriptor in {nothing, *handed}:
        os.close(descriptor)
    while os.getppid() == nursery:
        time.sleep(0.001)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != runner:
        return 1
    module, *arguments = program["command"]
    _name(module, arguments)  # before there are other variables: from where they lie it finds the list of arguments
    os.environ.update(program["environment"])
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def _name(module: str, arguments: Iterable[str]) -> None:
    from setproctitle import setproctitle  # it moves the list of arguments as soon as it is imported

    setproctitle(" ".join([sys.executable, "-m", module, *arguments]))


if __name__ == "__main__":
    sys.exit(main())
