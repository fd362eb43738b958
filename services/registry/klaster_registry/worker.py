"""Runs the service's jobs as a process of its own: `python -m klaster_registry.worker`."""

import asyncio
import signal

from klaster_registry.main import create_app
from klaster_registry.settings import Settings
from klaster_shared.logs import configure_logs
from klaster_shared.server import collect_less
from klaster_shared.telemetry import configure_telemetry


async def work(settings: Settings) -> None:
    """Work jobs off until a signal comes; the one under way is finished."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = create_app(settings.model_copy(update={"run_jobs": False}))
    collect_less()
    async with app.router.lifespan_context(app):
        await app.state.jobs.run(stop)


if __name__ == "__main__":
    loaded = Settings()
    configure_logs(service="registry-worker", level=loaded.log_level, style=loaded.log_format)
    configure_telemetry("registry-worker", loaded.otlp_endpoint)
    asyncio.run(work(loaded))
