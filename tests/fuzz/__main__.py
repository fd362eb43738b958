"""Tries the whole contract in every role: `make fuzz`, with ARGS="--as office --only /v1/labs --max-examples 20".

It takes minutes to an hour, by what is asked of it; each role gets a stack of its own, since it changes what is there.
"""

import argparse
import sys
import tempfile
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
    found = {role: _try(role, options) for role in asked.roles.split(",")}
    for role, code in found.items():
        print(f"fuzz: as {role}: {'nothing found' if code == 0 else 'see above'}")
    return int(any(found.values()))


def _try(role: str, options: list[str]) -> int:
    if role not in ROLES:
        raise SystemExit(f"--as takes {', '.join(ROLES)}")
    with tempfile.TemporaryDirectory(prefix="klaster-fuzz-") as folder:
        print(f"fuzz: as {role}: starting a stack ...", flush=True)
        with running_stack(Path(folder), **NO_LIMITS) as stack:
            return run(stack.url, key_of(role, url=stack.url, admin_key=stack.admin_key), options)


if __name__ == "__main__":
    sys.exit(main())
