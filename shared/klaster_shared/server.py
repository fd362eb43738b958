"""Serving one app with uvicorn: bounded, drained on SIGTERM, without a banner."""

import asyncio
import gc
from typing import Any

import uvicorn
from fastapi import FastAPI

from klaster_shared.logs import configure_logs
from klaster_shared.protocol import ProblemProtocol
from klaster_shared.settings import ServiceSettings
from klaster_shared.telemetry import configure_telemetry


class _DrainingServer(uvicorn.Server):
    """Says that it drains before it stops listening, so that balancers turn away first."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: Any) -> None:
        self._app.state.health.draining = True
        stopping: asyncio.Event | None = getattr(self._app.state, "stopping", None)
        if stopping is not None:
            stopping.set()
        super().handle_exit(sig, frame)


def uvicorn_config(app: Any, settings: ServiceSettings) -> uvicorn.Config:
    """How every service listens."""
    return uvicorn.Config(
        app,
        http=ProblemProtocol,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,  # whoever answers and has a clock says when (RFC 9110, 6.6.1); caches count from it
        timeout_keep_alive=75,  # longer than the gateway keeps an idle connection: the closing side is never us
        timeout_graceful_shutdown=int(settings.drain_seconds),
        h11_max_incomplete_event_size=64 * 1024,
    )


def serve(app: FastAPI, settings: ServiceSettings, *, asgi: Any = None) -> None:
    """Serve until a signal comes; requests under way have `drain_seconds` to end. `asgi` wraps the app, if given."""
    service = app.state.health.service
    configure_logs(service=service, level=settings.log_level, style=settings.log_format)
    configure_telemetry(service, settings.otlp_endpoint)
    collect_less()
    _DrainingServer(uvicorn_config(asgi or app, settings), app).run()


def collect_less() -> None:
    """Look for garbage among what requests leave behind, not among what the app is made of.

    Hundreds of thousands of objects (routes, shapes, tables) live as long as the process, and were looked through again
    and again: a third of the processor time of a registration, 1,250 us with the defaults and 830 us like this, and a
    fifth of that of an import.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)  # the default, 700, is reached by three requests
