"""The annual report: one document with everything in it, in words."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

REPORT = "/v1/strategy/report.html"


class _Page(HTMLParser):
    """Elements that are open, ids, and whatever the document would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in {"meta", "link", "img", "br"}:
            self.open.append(tag)
        if "id" in given:
            self.ids.append(given["id"] or "")
        self.loads += [f"{tag} {value}" for name, value in attrs if name == "src" or tag in {"link", "script"}]
        if tag == "a":
            self.targets.append(given["href"] or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def record(api: httpx.AsyncClient, indicator: str, **body: Any) -> None:
    given = {"source": "a <count>", "state": "verified", **body}
    answer = await api.post(f"/v1/indicators/{indicator}/observations", json=given)
    assert answer.status_code == 201, answer.text


class TestReport:
    async def test_is_one_document_in_words(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        for year in (2023, 2024, 2025):
            await record(api, "C.1.1-1", measure="registered", value=year - 1850, on=f"{year}-06-30")
            await record(api, "C.1.1-1", measure="registered", value=year - 1800, on=f"{year}-12-31")
        await record(api, "B.2.4-1", value=23393.5, on="2026-10-01", approximate=True)

        answer = await anybody.get(REPORT, params={"lang": "pl"})

        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        page = _Page()
        page.feed(answer.text)
        assert (page.open, page.loads) == ([], [])
        assert len(set(page.ids)) == len(page.ids)
        assert {target[1:] for target in page.targets if target.startswith("#")} <= set(page.ids)
        assert [f"path-{number}" in page.ids for number in range(1, 7)] == [True] * 6
        text = re.sub(r"\s+", " ", answer.text.replace("\u00a0", " "))
        assert "✕ nieosiągnięty w terminie" in text
        assert "≈ 23 393,5" in text
        assert "a &lt;count&gt;" in text
        assert "a <count>" not in text
        assert "Liczba obserwacji: 3, od 223 (2023-12-31) do 225 (2025-12-31)." in text
        assert "Dokument: autorzy nie wiedzieli" in text
        assert len(re.findall(r'<td class="status">', answer.text)) == 80
        unchanged = await anybody.get(REPORT, params={"lang": "pl"}, headers={"If-None-Match": answer.headers["etag"]})
        assert unchanged.status_code == 304

    async def test_is_of_the_day_asked_for(self, api: httpx.AsyncClient) -> None:
        await record(api, "C.1.1-1", measure="registered", value=190, on="2024-06-30")
        before = await api.get(REPORT, params={"as_of": "2024-06-30"})
        await record(api, "C.1.1-1", measure="registered", value=262, on="2025-12-31")
        after = await api.get(REPORT, params={"as_of": "2024-06-30"})

        assert before.text == after.text
        assert "State on 2024-06-30." in before.text
        assert "◆ at risk" in before.text
        assert "262" not in before.text

    async def test_is_refused_where_there_is_none(self, empty: httpx.AsyncClient) -> None:
        assert (await empty.get(REPORT)).status_code == 404

    @pytest.mark.parametrize("query", ["as_of=2027", "as_of=soon", "colour=red"])
    async def test_is_refused_where_it_makes_no_sense(self, anybody: httpx.AsyncClient, query: str) -> None:
        assert (await anybody.get(f"{REPORT}?{query}")).status_code == 422
