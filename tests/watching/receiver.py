"""A small receiver of traces: OTLP over HTTP, as collectors speak it."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


class Span:
    """One span, with the name of the service that sent it."""

    def __init__(self, service: str, raw: object) -> None:
        self.service = service
        self.name: str = raw.name  # type: ignore[attr-defined]
        self.trace: str = raw.trace_id.hex()  # type: ignore[attr-defined]
        self.id: str = raw.span_id.hex()  # type: ignore[attr-defined]
        self.parent: str = raw.parent_span_id.hex()  # type: ignore[attr-defined]
        self.all_of_it = str(raw)


class Receiver:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        kept = self.spans

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    names = {each.key: each.value.string_value for each in resource.resource.attributes}
                    for scope in resource.scope_spans:
                        kept.extend(Span(names["service.name"], span) for span in scope.spans)
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200 if self.path == "/v1/traces" else 404)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def of_trace(self, trace: str) -> list[Span]:
        """The spans of one trace that have come so far."""
        return [span for span in tuple(self.spans) if span.trace == trace]

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
