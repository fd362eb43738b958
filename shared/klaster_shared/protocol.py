"""HTTP as uvicorn speaks it, but for three things: what cannot be read at all is refused with a problem document too,
an app may end a connection whose client does not read, and trailers are no headers.
"""

import os
from http import HTTPStatus

from pydantic_core import to_json
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from klaster_shared.errors import MEDIA_TYPE, Malformed, Problem, problem_document

ABORT = "klaster.abort"  # an extension of the scope: ends the connection, whatever still waits to be sent


class ProblemProtocol(HttpToolsProtocol):
    """Below every app: bytes that are no request never reach one."""

    def on_message_begin(self) -> None:
        """Closed in the ordinary way, a connection would stay until its client has read what is left for it."""
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: {"abort": self.transport.abort}}

    def on_headers_complete(self) -> None:
        """What comes behind the body is put nowhere: among the headers it would be believed (RFC 9110, 6.5.1)."""
        super().on_headers_complete()
        self.headers = []

    def send_400_response(self, msg: str) -> None:
        """Refuse with Malformed, and close: where the next request would begin is not known."""
        self.refuse(Malformed(msg))

    def refuse(self, problem: Problem) -> None:
        """Answer in the place of the app, and close."""
        request_id = os.urandom(16).hex()
        body = to_json({**problem_document(problem, ""), "request_id": request_id})
        more = "".join(f"{name}: {value}\r\n" for name, value in problem.headers.items())
        head = (
            f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\nx-request-id: {request_id}\r\n"
            f"{more}connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
