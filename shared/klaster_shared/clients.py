"""Asking a neighbour: timeouts, retries of idempotent calls, request and trace ids, one kind of failure."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

import httpx
import stamina
import structlog
from opentelemetry import propagate, trace
from pydantic import BaseModel, ValidationError

from klaster_shared.errors import NotFound, PositionGone, Unavailable, UpstreamFailed, UpstreamTimeout
from klaster_shared.logs import current_request_id
from klaster_shared.tokens import LIFETIME, Signer

CONNECT_TIMEOUT = 1.0  # on one host or one private network: whoever does not pick up within a second is away
READ_TIMEOUT = 5.0
_RETRIED = (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError, httpx.ConnectTimeout)
_TRY_AGAIN = frozenset({502, 503, 504})
Answer = TypeVar("Answer", bound=BaseModel)
_TRACER = trace.get_tracer("klaster.clients")
log = structlog.get_logger(__name__)


class _TryAgain(Exception):  # noqa: N818
    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class Neighbour:
    """One service that this one asks, in this one's own name unless told otherwise."""

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        signer: Signer,
        role: str = "integrator",
        read_timeout: float = READ_TIMEOUT,
        attempts: int = 3,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.name = name
        self._signer = signer
        self._role = role
        self._attempts = attempts
        self._tokens: dict[tuple[str, ...], tuple[float, str]] = {}
        self._client = httpx.AsyncClient(
            base_url=base_url,
            timeout=httpx.Timeout(read_timeout, connect=CONNECT_TIMEOUT),
            transport=transport,
            trust_env=False,
            # Neighbours answer over plain HTTP on a private network; certificates cost 20 ms and a megabyte to load.
            verify=not base_url.startswith("http://"),
        )

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def get(
        self,
        path: str,
        *,
        scopes: Iterable[str] = (),
        params: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        attempts: int | None = None,
    ) -> httpx.Response:
        """GET, tried again where the connection or the neighbour failed (it is idempotent).

        Raises NotFound, PositionGone (a feed that does not go on), UpstreamTimeout, Unavailable or UpstreamFailed; any
        other status below 400 is the caller's.
        """
        bearer = token or self._own_token(tuple(sorted(scopes)))
        query = list(params.items()) if isinstance(params, Mapping) else list(params or ())
        with self._answering(), _TRACER.start_as_current_span(f"ask {self.name}", kind=trace.SpanKind.CLIENT) as span:
            span.set_attribute("url.path", path)
            sent = self._headers(bearer, headers)
            return self._checked(await self._attempt("GET", path, query, sent, attempts or self._attempts))

    async def post(
        self, path: str, *, body: bytes, key: str, scopes: Iterable[str], role: str, entity: UUID | None = None
    ) -> httpx.Response:
        """POST of JSON under an Idempotency-Key, tried again where the connection or the neighbour failed.

        In this service's own name, speaking for `entity` where one is given. What the neighbour refuses (4xx) is the
        caller's to read; raises UpstreamTimeout or Unavailable.
        """
        token = self.token_as(role, scopes=scopes, entity=entity)
        with self._answering(), _TRACER.start_as_current_span(f"ask {self.name}", kind=trace.SpanKind.CLIENT) as span:
            span.set_attribute("url.path", path)
            sent = self._headers(token, {"Idempotency-Key": key, "Content-Type": "application/json"})
            return await self._attempt("POST", path, [], sent, self._attempts, body)

    def token_as(self, role: str, *, scopes: Iterable[str], entity: UUID | None = None) -> str:
        """A token of this service's own in another role, speaking for `entity` where one is given."""
        subject = f"service:{self._signer.issuer}"
        return self._signer.mint(audience=self.name, subject=subject, role=role, scopes=scopes, entity=entity)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """What went wrong on the way, as problems."""
        try:
            yield
        except _TryAgain as error:
            raise Unavailable(f"{self.name} answers {error.response.status_code}", service=self.name) from error
        except httpx.TimeoutException as error:
            raise UpstreamTimeout(f"{self.name} did not answer in time", service=self.name) from error
        except httpx.HTTPError as error:
            raise Unavailable(f"{self.name} cannot be reached", service=self.name) from error

    async def read(self, model: type[Answer], path: str, **how: Any) -> Answer:
        """GET, read as `model`; an answer of another shape is UpstreamFailed, with what is wrong in the log."""
        response = await self.get(path, **how)
        try:
            return model.model_validate_json(response.content)
        except ValidationError as error:
            log.warning("neighbour_garbled", service=self.name, path=path, errors=error.error_count())
            raise UpstreamFailed(f"{self.name} gave an answer that cannot be read", service=self.name) from error

    async def _attempt(
        self,
        method: str,
        path: str,
        query: list[tuple[str, Any]],
        headers: dict[str, str],
        attempts: int,
        content: bytes | None = None,
    ) -> httpx.Response:
        async for attempt in stamina.retry_context(
            on=(*_RETRIED, _TryAgain), attempts=attempts, wait_initial=0.05, wait_max=0.5, wait_jitter=0.1, timeout=None
        ):
            with attempt:
                response = await self._client.request(
                    method, path, params=query or None, headers=headers, content=content
                )
                if response.status_code in _TRY_AGAIN:
                    raise _TryAgain(response)
                return response
        raise AssertionError("the last attempt returns or raises")

    def _checked(self, response: httpx.Response) -> httpx.Response:
        if response.status_code == 404:
            raise NotFound(f"{self.name} knows nothing of it", service=self.name)
        if response.status_code == 410:
            raise PositionGone(f"{self.name} does not go on from there", service=self.name)
        if response.status_code >= 400:
            log.warning("neighbour_refused", service=self.name, status=response.status_code, url=response.url.path)
            raise UpstreamFailed(f"{self.name} answers {response.status_code}", service=self.name)
        return response

    def _headers(self, token: str, extra: Mapping[str, str] | None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {token}", "X-Request-ID": current_request_id(), **(extra or {})}
        propagate.inject(headers)
        return {name: value for name, value in headers.items() if value}

    def _own_token(self, scopes: tuple[str, ...]) -> str:
        known = self._tokens.get(scopes)
        if known is not None and known[0] > time.time():
            return known[1]
        token = self._signer.mint(
            audience=self.name, subject=f"service:{self._signer.issuer}", role=self._role, scopes=scopes
        )
        self._tokens[scopes] = (time.time() + LIFETIME / 2, token)
        return token
