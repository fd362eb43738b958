"""Traces tell where time went, and nothing that opens something."""

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from klaster_shared.spans import DiscreetExporter

LINK = "AZAAAAAAcACAAAAAAAAAAQ.h2kpt7yHlJ4pVZ3z0vYh7qYz5pA"
KEY = "klk_abcdefgh_" + "x" * 43


@pytest.fixture
def seen() -> tuple[TracerProvider, InMemorySpanExporter]:
    """A provider, and what it lets out."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(DiscreetExporter(exporter)))
    return provider, exporter


class TestSpans:
    async def test_of_requests_hold_neither_links_nor_queries_nor_keys(
        self, seen: tuple[TracerProvider, InMemorySpanExporter]
    ) -> None:
        provider, exporter = seen
        app = FastAPI(telemetry={"tracer_provider": provider})

        @app.get("/v1/registration-links/{token}")
        async def read_link(token: str) -> None:
            raise RuntimeError(f"/v1/registration-links/{token} with {KEY}")

        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            await client.get(f"/v1/registration-links/{LINK}", params={"q": "Ada Lovelace"})
        spans = exporter.get_finished_spans()
        told = "".join(span.to_json() for span in spans)
        assert "/v1/registration-links/..." in told
        assert "GET /v1/registration-links/{token}" in {span.name for span in spans}
        for secret in (LINK, LINK.split(".")[1], KEY, "Lovelace"):
            assert secret not in told
