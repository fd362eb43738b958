"""Tries the whole contract in every role: `make fuzz`, with ARGS="--as office --only /v1/labs --max-examples 20".

It takes minutes to an hour, by what is asked of it. Each role gets a stack of its own, since it changes what is there:
one is seeded, and its data copied.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.keys import ROLES, key_of
from tests.fuzz.running import NO_LIMITS, run
from tests.running import running_stack


def main() -> int:
    """0 where nothing was found in any role."""
    parser = argparse.ArgumentParser(prog="make fuzz", description="Schemathesis over the merged contract")
    parser.add_argument("--as", dest="roles", default=",".join(ROLES), help="who asks")
    parser.add_argument("--only", default="", help="a regular expression: the paths to try")
    parser.add_argument("--phases", default="examples,coverage,fuzzing,stateful")
    parser.add_argument("--max-examples", default="10", help="of each operation, in each phase")
    parser.add_argument("--seed", default="", help="of a run that is to be repeated")
    parser.add_argument("--workers", default="1")
    asked = parser.parse_args()
    options = ["--phases", asked.phases, "--max-examples", asked.max_examples, "--workers", asked.workers]
    options += ["--include-path-regex", asked.only] if asked.only else []
    options += ["--seed", asked.seed] if asked.seed else []
    found = _try_all(asked.roles.split(","), options)
    for role, code in found.items():
        print(f"fuzz: as {role}: {'nothing found' if code == 0 else 'see above'}")
    return int(any(found.values()))


def _try_all(roles: Sequence[str], options: list[str]) -> dict[str, int]:
    if not set(roles) <= set(ROLES):
        raise SystemExit(f"--as takes {', '.join(ROLES)}")
    with tempfile.TemporaryDirectory(prefix="klaster-fuzz-") as folder:
        seeded = Path(folder)
        print("fuzz: seeding a stack ...", flush=True)
        with running_stack(seeded, **NO_LIMITS) as stack:
            keys = {role: key_of(role, url=stack.url, admin_key=stack.admin_key) for role in roles}
        return {role: _try(role, key, seeded, options) for role, key in keys.items()}


def _try(role: str, key: str | None, seeded: Path, options: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="klaster-fuzz-") as folder:
        shutil.copytree(seeded / "data", Path(folder) / "data")
        print(f"fuzz: as {role}: starting a stack ...", flush=True)
        with running_stack(Path(folder), **NO_LIMITS) as stack:
            return run(stack.url, key, options)


if __name__ == "__main__":
    sys.exit(main())
