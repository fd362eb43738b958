"""A process that works and serves nobody: it ends with what it has in hand when a signal comes."""

import asyncio
import signal
from collections.abc import Coroutine, Sequence
from typing import Any

from sqlalchemy import MetaData

from klaster_shared.app import Work
from klaster_shared.database import Database
from klaster_shared.logs import configure_logs
from klaster_shared.server import collect_less
from klaster_shared.settings import ServiceSettings
from klaster_shared.telemetry import configure_telemetry
from klaster_shared.watching.port import watched_worker


def run_worker(service: str, settings: ServiceSettings, work: Coroutine[Any, Any, None]) -> None:
    """Carry `work` out as this process, which logs and traces call `<service>-worker`."""
    name = f"{service}-worker"
    configure_logs(service=name, level=settings.log_level, style=settings.log_format)
    configure_telemetry(name, settings.otlp_endpoint)
    asyncio.run(work)


async def work_until_told(
    service: str, settings: ServiceSettings, *, database: Database, metadata: MetaData, working: Sequence[Work]
) -> None:
    """Work until a signal comes, watched on the private port."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    collect_less()
    async with watched_worker(service, settings=settings, database=database, metadata=metadata, working=working):
        await asyncio.gather(*(each.run(stop) for each in working))
