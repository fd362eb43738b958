"""`make backup`: every service's database as it is at one moment, while the stack goes on."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from deploy.keeping import programs
from deploy.keeping.archive import LEDGER, Manifest, file_of, write_archive
from deploy.keeping.stacks import KeptStack, askers_first, ledger
from deploy.local.console import Console
from deploy.local.errors import Refusal


async def back_up(stack: KeptStack, folder: Path, console: Console) -> Path:
    """Write an archive into the folder; raises Refusal where there is nothing to copy, and leaves nothing then."""
    began_at = datetime.now(UTC)
    archive = folder / f"klaster-{began_at:%Y%m%dT%H%M%SZ}.tar.gz"
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder) as name:
        copies = Path(name)
        stocks = {}
        for service in askers_first():
            found = stocks[service] = await stack.copy(service, copies / file_of(service, stack.engine))
            if found.revision is None:
                raise Refusal(f"{service}'s database is empty: there is nothing to back up")
            console.say(f"  {service:<10} {sum(found.tables.values()):>9,} rows, position {found.position}")
        # Last: whoever was erased meanwhile is forgotten again by whoever restores.
        await programs.write(ledger(stack, "--show"), copies / LEDGER)
        version = max(stock.version for stock in stocks.values())
        manifest = Manifest(
            version=version, engine=stack.engine, began_at=began_at, ended_at=datetime.now(UTC), services=stocks
        )
        write_archive(archive, copies, manifest)
    console.say(f"backed up to {archive} ({_megabytes(archive):.1f} MB)")
    return archive


def _megabytes(file: Path) -> float:
    return file.stat().st_size / 1e6
