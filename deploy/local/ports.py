"""Ports: refused before anything starts where somebody else listens."""

import socket
from collections.abc import Sequence

from deploy.local.errors import Refusal
from deploy.local.processes import Program


def refuse_ports_in_use(programs: Sequence[Program], host: str = "127.0.0.1") -> None:
    """Raise Refusal for the first port that is taken, naming it and the setting that moves it."""
    for program in programs:
        if program.port is not None and _is_taken(host, program.port):
            raise Refusal(
                f"port {program.port} ({program.name}) is in use: free it, or choose others with PORT= "
                f"(the gateway's port; the three services take the next ones)"
            )


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: a closing connection is no owner
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
