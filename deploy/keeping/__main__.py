"""`python -m deploy.keeping`: what `make backup`, `make restore` and `make move-to` call."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from deploy.keeping.backing_up import back_up
from deploy.keeping.compose import ComposeStack
from deploy.keeping.moving import move
from deploy.keeping.on_server import ServerStack
from deploy.keeping.restoring import restore
from deploy.keeping.sqlite import SqliteStack
from deploy.keeping.stacks import KeptStack
from deploy.local import folder
from deploy.local.console import Console
from deploy.local.errors import Refusal
from deploy.local.postgresql import known_databases
from deploy.local.settings import RunnerSettings
from deploy.services import SERVICES


def main() -> int:
    """Read the command and the variables; 1, after one sentence, where it is refused."""
    parser = argparse.ArgumentParser(prog="python -m deploy.keeping", description=main.__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    backup = commands.add_parser("backup", help="copy a stack, running or not, into one archive")
    backup.add_argument("--to", type=Path, default=Path("backups"), help="the folder of archives")
    from_archive = commands.add_parser("restore", help="fill an empty stack from an archive")
    from_archive.add_argument("archive", type=Path)
    for command in (backup, from_archive):
        command.add_argument("--compose", action="store_true", help="the stack of compose, not that of make run")
    commands.add_parser("move-to", help="move a stopped stack from SQLite to the server that DATABASE= names")
    given = parser.parse_args()
    console = Console(sys.stdout, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    try:
        asyncio.run(_carry_out(given, console))
    except Refusal as refusal:
        print(f"klaster: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


async def _carry_out(given: argparse.Namespace, console: Console) -> None:
    settings = RunnerSettings.from_environment(os.environ)
    if given.command == "move-to":
        await move(settings, console)
    elif given.command == "backup":
        _make(given.to)
        await back_up(ComposeStack() if given.compose else _standing(settings), given.to, console)
    else:
        await restore(ComposeStack() if given.compose else _empty(settings), given.archive, console)


def _make(archives: Path) -> None:
    archives.mkdir(parents=True, exist_ok=True, mode=0o700)


def _standing(settings: RunnerSettings) -> KeptStack:
    """The stack of the data folder: as it runs, or, where it does not, as DATABASE= says."""
    running = folder.found_running(settings.data)
    databases = running.databases if running else known_databases(settings.database, SERVICES, settings.data)
    if settings.database and not databases:
        raise Refusal(f"no stack ever ran with {settings.data} on the server of DATABASE=: name its folder with DATA=")
    if any(url.startswith("postgres") for url in databases.values()):
        return ServerStack(settings, databases)
    return SqliteStack(settings)


def _empty(settings: RunnerSettings) -> KeptStack:
    return ServerStack(settings, {}) if settings.database else SqliteStack(settings)


sys.exit(main())
