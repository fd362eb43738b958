"""Serving one app with uvicorn: bounded, drained on SIGTERM, without a banner."""

import asyncio
import gc
import os
import socket
from contextlib import suppress
from typing import Any

import uvicorn
from fastapi import FastAPI

from klaster_shared.logs import configure_logs
from klaster_shared.protocol import ProblemProtocol
from klaster_shared.settings import ServiceSettings
from klaster_shared.telemetry import configure_telemetry

LEAD = 0.5  # seconds between saying that it drains and listening no more
SETTLE = 0.5  # seconds for what was accepted last to be sent and read, before connections count as idle and are closed
_TURNS = 3  # of the loop, which looks at clocks before it looks at what has come


class _DrainingServer(uvicorn.Server):
    """Says that it drains before it stops listening, so that balancers turn away first.

    In between every answer says that it is the last of its connection. Whoever asks all the time has gone elsewhere by
    then, and no request comes to a connection that is being closed.
    """

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: Any) -> None:
        stopping: asyncio.Event | None = getattr(self._app.state, "stopping", None)
        if stopping is None or self._app.state.health.draining:  # not begun yet, or asked a second time
            super().handle_exit(sig, frame)
            return
        self._app.state.health.draining = True
        # A signal comes between any two steps of the loop: what wakes others is left to the loop itself.
        asyncio.get_running_loop().call_soon_threadsafe(self._drain, stopping, sig, frame)

    def _drain(self, stopping: asyncio.Event, sig: int, frame: Any) -> None:
        stopping.set()
        asyncio.get_running_loop().call_later(LEAD, super().handle_exit, sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen no more, answer what has come, then end."""
        for server in self.servers:
            listening = [socket.socket(fileno=os.dup(each.fileno())) for each in server.sockets]
            server.close()
            for each in listening:
                await self._take_the_rest(each)
        await asyncio.sleep(SETTLE)
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        await super().shutdown(sockets)

    async def _take_the_rest(self, listening: socket.socket) -> None:
        """Take up who has connected already: whoever is not accepted when the socket closes is reset by the system."""
        connections = []
        listening.setblocking(False)
        with suppress(BlockingIOError), listening:
            while True:
                connections.append(listening.accept()[0])
        for connection in connections:
            connection.setblocking(False)
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


def uvicorn_config(
    app: Any, settings: ServiceSettings, *, protocol: type[ProblemProtocol] = ProblemProtocol
) -> uvicorn.Config:
    """How every service listens."""
    return uvicorn.Config(
        app,
        http=protocol,
        ws="none",  # nothing here speaks it; the package that does is drawn in otherwise, where it is installed
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        # Who asks is whoever connects: of forwarded addresses the gateway believes those that its settings name, and
        # uvicorn would believe anybody on this machine.
        proxy_headers=False,
        date_header=True,  # whoever answers and has a clock says when (RFC 9110, 6.6.1); caches count from it
        timeout_keep_alive=75,  # longer than the gateway keeps an idle connection: the closing side is never us
        timeout_graceful_shutdown=int(settings.drain_seconds),
        h11_max_incomplete_event_size=64 * 1024,
    )


def serve(
    app: FastAPI, settings: ServiceSettings, *, asgi: Any = None, protocol: type[ProblemProtocol] = ProblemProtocol
) -> None:
    """Serve until a signal comes; requests under way have `drain_seconds` to end. `asgi` wraps the app, if given."""
    service = app.state.health.service
    configure_logs(service=service, level=settings.log_level, style=settings.log_format)
    configure_telemetry(service, settings.otlp_endpoint)
    collect_less()
    _DrainingServer(uvicorn_config(asgi or app, settings, protocol=protocol), app).run()


def collect_less() -> None:
    """Look for garbage among what requests leave behind, not among what the app is made of.

    Hundreds of thousands of objects (routes, shapes, tables) live as long as the process, and were looked through again
    and again: a third of the processor time of a registration, 1,250 us with the defaults and 830 us like this, and a
    fifth of that of an import.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)  # the default, 700, is reached by three requests
