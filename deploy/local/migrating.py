"""`python -m deploy.local.migrating`: every service's migrations, side by side in copies of one process.

What takes the time is not the migrating but what has to be imported for it: here once, before the process is copied.
"""

import json
import os
import runpy
import sys
import traceback
from collections.abc import Mapping

import klaster_shared.lean
import klaster_shared.migrations  # noqa: F401 # what all of them need
from deploy.local.stack import MIGRATIONS


def main() -> int:
    """Migrate all; 1, after a line for each, where some could not be migrated."""
    told: Mapping[str, Mapping[str, str]] = json.loads(os.environ.pop(MIGRATIONS))
    working = {_begin(service, environment): service for service, environment in told.items()}
    failed = []
    while working:
        process, status = os.wait()
        service = working.pop(process)
        if status:
            failed.append(service)
    for service in failed:
        print(f"{service}'s database could not be migrated (the lines above say why)", flush=True)
    return 1 if failed else 0


def _begin(service: str, environment: Mapping[str, str]) -> int:
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        os.environ.update(environment)
        runpy.run_module(f"klaster_{service}.migrate", run_name="__main__")
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # a copy must never go on as if it were the original
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
