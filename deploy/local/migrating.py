"""`python -m deploy.local.migrating`: every service's migrations, side by side in copies of one process.

What takes the time is not the migrating but what has to be imported for it: here once, before the process is copied.
"""

import json
import os
import runpy
import sys
from collections.abc import Mapping
from functools import partial

import klaster_shared.lean
import klaster_shared.migrations  # noqa: F401 # what all of them need
from deploy.local.copies import copy
from deploy.local.stack import MIGRATIONS


def main() -> int:
    """Migrate all that the variable names."""
    return migrate(json.loads(os.environ.pop(MIGRATIONS)))


def migrate(told: Mapping[str, Mapping[str, str]]) -> int:
    """Migrate all, each told its own variables; 1, after a line for each, where some could not be migrated."""
    working = {copy(partial(_migrate, service, environment)): service for service, environment in told.items()}
    failed = []
    while working:
        process, status = os.wait()
        service = working.pop(process)
        if status:
            failed.append(service)
    for service in failed:
        print(f"{service}'s database could not be migrated (the lines above say why)", flush=True)
    return 1 if failed else 0


def _migrate(service: str, environment: Mapping[str, str]) -> int:
    os.environ.update(environment)
    runpy.run_module(f"klaster_{service}.migrate", run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main())
