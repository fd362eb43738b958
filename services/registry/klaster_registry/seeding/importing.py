"""Organisations of the demonstration through an import: hundreds of them in the time of a few requests."""

import asyncio
import json
import time
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from klaster_registry.seeding.bodies import Record
from klaster_shared.seeding import Gateway, SeedError

PATH = "/v1/registry/imports"
PATIENCE = 120.0  # seconds; it takes about one
PAUSE = 0.1
_ENDED = {"succeeded", "failed", "cancelled"}


async def import_entities(gateway: Gateway, entities: Sequence[Record]) -> None:
    """Add organisations, an import for each source; raises SeedError where one of them is not taken."""
    for source, records in groupby(sorted(entities, key=itemgetter("source")), itemgetter("source")):
        await _import(gateway, source, list(records))


async def _import(gateway: Gateway, source: str, records: Sequence[Record]) -> None:
    # Two sources may know one organisation: both are kept, as they are when they come one by one.
    said = {"filename": "demonstration.ndjson", "format": "ndjson", "source": source, "duplicates": "add"}
    path = f"{PATH}/{(await gateway.post(PATH, said, counted=None))['id']}"
    await gateway.put_file(f"{path}/file", "\n".join(json.dumps(record) for record in records).encode())
    await gateway.post(f"{path}/apply", {}, counted=None)
    counts = (await _ended(gateway, path))["counts"]
    if counts["created"] != len(records):
        raise SeedError(f"{PATH}: {source}: {await _why(gateway, path)}")
    await gateway.delete(path, counted=None)
    gateway.done["entities added"] += len(records)


async def _ended(gateway: Gateway, path: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = await gateway.get(path)
        if found["job"]["state"] in _ENDED:
            if not found["complete"]:
                raise SeedError(f"{path}: {found['job']['state']}: {found['job']['problem']}")
            return found
        await asyncio.sleep(PAUSE)
    raise SeedError(f"{path}: the import did not end in {PATIENCE:g} s")


async def _why(gateway: Gateway, path: str) -> str:
    rows = await gateway.every(f"{path}/rows", verdict=["rejected", "duplicate", "unchanged", "updated"])
    return "; ".join(f"{row['label']}: {row['verdict']} {row['errors']}" for row in rows[:3])
