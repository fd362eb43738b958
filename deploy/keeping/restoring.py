"""`make restore`: a stack with nothing in it becomes the one that was backed up, or stays as it was."""

import asyncio
import tempfile
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from deploy.keeping import programs
from deploy.keeping.archive import LEDGER, Manifest, file_of, read_archive
from deploy.keeping.stacks import KeptStack, ledger, migrating, taking_stock
from deploy.local.console import Console
from deploy.local.errors import Refusal
from deploy.services import SERVICES
from klaster_shared.revisions import head, knows
from klaster_shared.stock import Stock


async def restore(stack: KeptStack, archive: Path, console: Console) -> None:
    """Fill, compare with the manifest, bring to the newest tables, and forget whom the ledger names.

    Raises Refusal where the archive is not whole or not for this stack, or the stack holds something.
    """
    with tempfile.TemporaryDirectory(prefix="klaster-") as name:
        copies = Path(name)
        manifest = read_archive(archive, copies)
        _refuse_foreign(manifest, stack)
        async with stack.emptied():
            await _all(_fill(stack, service, copies, manifest, console) for service in SERVICES)
            erased = await programs.ask(ledger(stack, "--add"), given=copies / LEDGER)
            await _all(programs.ask(taking_stock(stack, service, "--leave-room")) for service in SERVICES)
    console.say(f"restored what lay there at {manifest.ended_at:%Y-%m-%d %H:%M:%S} UTC; {erased.strip()}")


async def _all(works: Iterable[Coroutine[Any, Any, object]]) -> None:
    """At once, and to their ends: what one of them refuses is said when no other still works on the stack."""
    for done in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(done, BaseException):
            raise done


async def _fill(stack: KeptStack, service: str, copies: Path, manifest: Manifest, console: Console) -> None:
    wanted = manifest.services[service]
    await stack.load(service, copies / file_of(service, manifest.engine))
    await _compare(stack, service, wanted)
    console.say(f"  {service:<10} {sum(wanted.tables.values()):>9,} rows, each table as it was")
    if wanted.revision != head(f"klaster_{service}"):
        await programs.ask(migrating(stack, service))


def _refuse_foreign(manifest: Manifest, stack: KeptStack) -> None:
    if manifest.engine != stack.engine:
        ways = {"sqlite": "restore it without DATABASE=, then `make move-to`", "postgresql": "name DATABASE="}
        how = ways[manifest.engine]
        raise Refusal(f"this is a backup of {manifest.engine}, and the stack is on {stack.engine}: {how}")
    for service, stock in manifest.services.items():
        if stock.revision is not None and not knows(f"klaster_{service}", stock.revision):
            raise Refusal(f"the backup is of a newer release ({service} at {stock.revision}): restore it with that one")


async def _compare(stack: KeptStack, service: str, wanted: Stock) -> None:
    """Rows, positions and, where the tables are still the same, figures; raises Refusal where one is another."""
    found = await programs.stock(taking_stock(stack, service, "--day", wanted.day.isoformat()))
    fields = ["revision", "tables", "position"]
    if wanted.revision == head(f"klaster_{service}") and wanted.figures is not None:
        fields.append("figures")
    for name in fields:
        before, now = getattr(wanted, name), getattr(found, name)
        if before != now:
            raise Refusal(f"{service} is not what was backed up: {name} {_difference(before, now)}")


def _difference(before: object, now: object) -> str:
    if isinstance(before, dict) and isinstance(now, dict):
        key = next(key for key in sorted(before.keys() | now.keys()) if before.get(key) != now.get(key))
        return f"{key}: {before.get(key)} before, {now.get(key)} now"
    return f"{before} before, {now} now"
