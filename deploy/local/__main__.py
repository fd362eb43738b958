"""`python -m deploy.local`: what `make run`, `make demo-clear` and `make rotate-keys` call."""

import argparse
import asyncio
import os
import sys

from deploy.local.console import Console
from deploy.local.errors import Refusal
from deploy.local.runner import clear_demonstration, rotate_keys, run
from deploy.local.settings import RunnerSettings


def main() -> int:
    """Read the command and the variables; 1, after one sentence, where the runner refuses."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=main.__doc__)
    parser.add_argument("--clear-demonstration", action="store_true", help="remove the demonstration from what runs")
    parser.add_argument("--rotate-keys", action="store_true", help="give every service another key, while all runs")
    arguments = parser.parse_args()
    os.umask(0o077)  # databases hold people: nobody else reads them, also in a folder that was there before
    command = clear_demonstration if arguments.clear_demonstration else rotate_keys if arguments.rotate_keys else run
    console = Console(sys.stdout, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    try:
        settings = RunnerSettings.from_environment(os.environ)
        asyncio.run(command(settings, console))
    except Refusal as refusal:
        print(f"klaster: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before anything was started
        return 130
    return 0


sys.exit(main())
