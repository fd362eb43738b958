"""A column is matched through the gateway, by a client of the protocol that others wrote and as OpenRefine does it."""

import json
from html import escape
from typing import Any
from urllib.parse import urlsplit

import httpx
import pandas as pd
import pytest
from reconciler import reconcile
from reconciler.webutils import http as session

from tests.running import Running

PATH = "/v1/registry/reconcile"
COLUMN = ["Uniwersytet Jagielloński", "Politechniki Krakowskiej, Wydz. Mechaniczny", "Szpital Uniwersytecki, Nigdzie"]


@pytest.fixture
def known(public: httpx.Client) -> dict[str, str]:
    """Ids of the demonstration's organisations by name."""
    page = public.get("/v1/entities", params={"limit": 200}).json()
    return {entity["name"]: entity["id"] for entity in page["items"]}


class TestReconciler:
    @pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pandas, which the client leans on
    def test_matches_a_column_of_a_data_frame(self, stack: Running, known: dict[str, str]) -> None:
        session.trust_env = False
        frame = pd.DataFrame({"name": list(known)[:12], "country": ["Poland"] * len(list(known)[:12])})
        found = reconcile(
            frame["name"], property_mapping={"country": frame["country"]}, reconciliation_endpoint=f"{stack.url}{PATH}"
        )
        matched = found[found["match"]]
        assert len(matched) >= len(frame) - 2, found
        assert all(known[row.input_value] == row.id for row in matched.itertuples())


class TestOpenRefine:
    """Its requests one after the other, as its sources form them, from any page of the web."""

    def test_reads_where_everything_is_and_goes_there(self, public: httpx.Client, known: dict[str, str]) -> None:
        manifest = self._asked(public.get(PATH)).json()
        assert urlsplit(manifest["suggest"]["entity"]["service_url"]).netloc == public.base_url.netloc.decode()
        batch = {f"q{at}": {"query": name, "limit": 6} for at, name in enumerate(COLUMN)}
        guessed = self._asked(public.post(PATH, data={"queries": json.dumps(batch)})).json()
        assert list(guessed) == list(batch)
        name, entity_id = next(iter(known.items()))
        typed = {"q0": {"query": name, "type": "organisation", "type_strict": "should"}}
        [best, *_] = self._asked(public.post(PATH, data={"queries": json.dumps(typed)})).json()["q0"]["result"]
        assert (best["id"], best["match"]) == (entity_id, True)
        for what, prefix in (("entity", name[:5]), ("type", "o"), ("property", "n")):
            where = manifest["suggest"][what]
            found = self._asked(public.get(where["service_url"] + where["service_path"], params={"prefix": prefix}))
            [first, *_] = found.json()["result"]
            flown = where["service_url"] + where["flyout_service_path"].replace("${id}", first["id"])
            assert escape(first["name"]) in self._asked(public.get(flown)).json()["html"]
        proposed = manifest["extend"]["propose_properties"]
        properties = self._asked(
            public.get(proposed["service_url"] + proposed["service_path"], params={"type": "organisation"})
        ).json()["properties"]
        asked = {
            "ids": [entity_id],
            "properties": [{"id": one["id"], "settings": {"limit": "1"}} for one in properties],
        }
        extended = self._asked(public.post(PATH, data={"extend": json.dumps(asked)})).json()
        assert [meta["id"] for meta in extended["meta"]] == [one["id"] for one in properties]
        page = self._asked(public.get(manifest["preview"]["url"].replace("{{id}}", entity_id)))
        assert escape(name) in page.text
        assert "frame-ancestors *" in page.headers["content-security-policy"]  # it goes before x-frame-options

    def test_is_told_why_it_is_refused(self, public: httpx.Client) -> None:
        many = {f"q{at}": {"query": "x"} for at in range(51)}
        for body, status in ((json.dumps(many), 413), ("{", 422), ('{"q0": {}}', 422)):
            refused = public.post(PATH, data={"queries": body})
            assert refused.status_code == status
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.headers["access-control-allow-origin"] == "*"

    def test_is_asked_for_by_pages_of_any_origin(self, public: httpx.Client) -> None:
        asking = {"Origin": "https://refine.example", "Access-Control-Request-Method": "POST"}
        before = public.options(PATH, headers={**asking, "Access-Control-Request-Headers": "content-type"})
        assert before.status_code in {200, 204}
        assert before.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in before.headers

    @staticmethod
    def _asked(answer: Any) -> Any:
        assert answer.status_code == 200, answer.text
        assert answer.headers["access-control-allow-origin"] == "*"
        return answer
