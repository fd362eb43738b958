"""Structured logs: one line an event, with the request it belongs to; never personal data or tokens."""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from io import StringIO
from typing import Any, Literal

import structlog
from opentelemetry import trace

# What drivers put into the text of an error: the values that a statement was given, which may be personal.
_VALUES = re.compile(r"(DETAIL:|query argument \$\d+:).*")
# A thing and its signature, as signed links end: `<22 letters>.<27 letters>`, or with a time between.
_SIGNED = re.compile(r"/[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_-]+)?\.[A-Za-z0-9_-]{20,}")

# What opens a door: a key after its prefix, and any signed token.
_KEYS = re.compile(r"(klk_[a-z2-9]{8}_)[A-Za-z0-9_-]+|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_actor: ContextVar[tuple[str, str]] = ContextVar("actor", default=("", ""))


def current_request_id() -> str:
    """The id of the request under way; empty outside one."""
    return _request_id.get()


def set_request_id(value: str) -> None:
    """Name the request under way: every log line and problem carries it."""
    _request_id.set(value)


def set_actor(subject: str, role: str) -> None:
    """Say who acts in the request under way: an opaque id and a role, never a name."""
    _actor.set((subject, role))


def current_actor() -> str:
    """Who acts in the request under way; empty outside one, and where nobody is known."""
    return _actor.get()[0]


def current_trace_id() -> str:
    """The trace of the span under way; empty outside one."""
    context = trace.get_current_span().get_span_context()
    return format(context.trace_id, "032x") if context.is_valid else ""


def _add_request(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if request_id := _request_id.get():
        event["request_id"] = request_id
    subject, role = _actor.get()
    if subject:
        event["actor"], event["role"] = subject, role
    if trace_id := current_trace_id():
        event["trace_id"] = trace_id
    return event


def harmless(text: str) -> str:
    """A text as it may stand in a log: without values of statements, and without what opens a link."""
    return shown(_KEYS.sub(r"\1...", _VALUES.sub(r"\1 <left out>", text)))


def _leave_out(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = harmless(value)
    return event


def _plain_traceback(stream: Any, error: Any) -> None:
    # The default formatter draws every local variable: seconds per traceback, and personal data in the log.
    text = StringIO()
    structlog.dev.plain_traceback(text, error)
    stream.write(harmless(text.getvalue()))


def configure_logs(*, service: str, level: str = "INFO", style: Literal["console", "json"] = "console") -> None:
    """Send structlog and the standard library's loggers to stderr, in one form."""

    def add_service(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = service
        return event

    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request,
        _leave_out,
    ]
    renderer: list[structlog.types.Processor]
    if style == "json":
        # The service's name stands in every line for collectors; on a console the runner prefixes it.
        shared.append(add_service)
        renderer = [structlog.processors.format_exc_info, _leave_out, structlog.processors.JSONRenderer()]
    else:
        renderer = [structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=_plain_traceback)]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # Filters first: what nobody reads is not put together (40 us a request for the access line).
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "aiosqlite", "alembic.runtime.migration"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def shown(path: str) -> str:
    """A path as log lines may show it: whoever reads them must not be able to follow a signed link of somebody's."""
    return _SIGNED.sub("/...", path)
