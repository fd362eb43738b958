"""One day of an office, through the gateway: from an application to a merger, and back to last year."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.running import Running

pytestmark = pytest.mark.timeout(300)  # the first test waits for a stack that is seeded

NIP = {"scheme": "nip", "value": "6762464304"}
ONCE = {"Idempotency-Key": "office-day-1"}


def id_of(path: str) -> str:
    return path.rsplit("/", 1)[-1]


@contextmanager
def caller(stack: Running, key: str | None) -> Iterator["Caller"]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with httpx.Client(base_url=stack.url, headers=headers, timeout=30, trust_env=False) as client:
        yield Caller(client)


class Caller:
    """Somebody at the gateway: what comes back is looked at at once."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def send(
        self, method: str, path: str, body: Any = None, *, expect: int, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        answer = self.client.request(method, path, json=body, headers=headers)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def get(self, path: str, *, expect: int = 200) -> Any:
        return self.send("GET", path, expect=expect).json()

    def post(self, path: str, body: dict[str, Any], *, expect: int = 200) -> Any:
        return self.send("POST", path, body, expect=expect).json()

    def correct(self, path: str, change: dict[str, Any]) -> None:
        etag = self.send("GET", path, expect=200).headers["etag"]
        self.send("PATCH", path, change, expect=200, headers={"If-Match": etag})
        stale = self.send("PATCH", path, {"startup": True}, expect=412, headers={"If-Match": etag})
        assert stale.json()["code"] == "precondition_failed"

    def names(self, path: str) -> list[str]:
        return [item["name"] for item in self.get(path)["items"]]

    def figure(self, name: str, day: str) -> int:
        [figure] = self.get(f"/v1/registry/figures?name={name}&as_of={day}")["items"]
        assert len(self.names(figure["rows"])) == figure["value"]
        return int(figure["value"])


class TestOfficeDay:
    def test_runs_from_an_application_to_last_year(self, empty_stack: Running) -> None:
        with caller(empty_stack, empty_stack.admin_key) as office, caller(empty_stack, None) as anybody:
            entity = self._register(office)
            self._sign(office, entity)
            before = self._correct(office, entity)
            with caller(empty_stack, self._partner_key(office, entity)) as partner:
                self._propose(office, partner, entity)
            merged = self._merge(office, entity)
            self._look_back(anybody, entity, merged, before)

    @staticmethod
    def _register(office: Caller) -> str:
        body = {"names": [{"value": "Pracownia Łąkowa"}], "interest_group": "BIOF", "founded_on": "2015"}
        first = office.send("POST", "/v1/entities", body, expect=201, headers=ONCE)
        again = office.send("POST", "/v1/entities", body, expect=201, headers=ONCE)
        assert again.json()["id"] == first.json()["id"]
        path = str(first.headers["location"])
        assert office.post(f"{path}/register", {"on": "2024-03-01"}, expect=409)["code"] == "step_refused"
        office.post(f"{path}/apply", {"on": "2024-02-01", "note": "Wniosek 12/2024"})
        registered = office.post(f"{path}/register", {"on": "2024-03-01"})
        assert registered["registration"] == "registered"
        assert office.get(f"/v1/entities/{registered['rbw_number']}")["id"] == registered["id"]
        return path

    @staticmethod
    def _sign(office: Caller, entity: str) -> None:
        agreement = {"from": "2024-05-01"}
        refused = office.post(f"{entity}/partnerships", agreement, expect=409)
        assert refused["code"] == "partner_in_sig"
        office.post("/v1/groups/talents/members", {"entity": id_of(entity), "from": "2024-04-01"}, expect=201)
        office.post(f"{entity}/partnerships", agreement, expect=201)
        last = {"entity": id_of(entity), "on": "2024-12-31"}
        assert office.post("/v1/groups/talents/members/leave", last, expect=409)["code"] == "partner_in_sig"

    @staticmethod
    def _correct(office: Caller, entity: str) -> str:
        before = office.get(f"{entity}/history")["items"][0]["at"]
        office.send("PATCH", entity, {"legal_form": "S.A."}, expect=428)
        office.correct(entity, {"legal_form": "sp. z o.o.", "identifiers": [NIP]})
        return str(before)

    @staticmethod
    def _partner_key(office: Caller, entity: str) -> str:
        wanted = {"name": "Pracownia Łąkowa", "role": "partner", "entity": id_of(entity)}
        return str(office.post("/v1/keys", wanted, expect=201)["key"])

    @staticmethod
    def _propose(office: Caller, partner: Caller, entity: str) -> None:
        lab = office.post(
            "/v1/labs",
            {"owner": id_of(entity), "name": {"pl": "Łaźnia", "en": "Bath"}, "kind": "scientific"},
            expect=201,
        )
        change = {"areas": [{"area_m2": 80.5, "from": "2024-01-01"}], "shared": {"from": "2024-06-01"}}
        target = {"collection": "labs", "id": lab["id"]}
        partner.send("PATCH", f"/v1/labs/{lab['id']}", change, expect=403)
        proposal = partner.post("/v1/proposals", {"target": target, "change": change}, expect=201)
        [waiting] = office.get("/v1/proposals?state=pending")["items"]
        assert waiting["id"] == proposal["id"]
        office.post(f"/v1/proposals/{proposal['id']}/accept", {"note": "Zmierzone"})
        assert office.get(f"/v1/labs/{lab['id']}?as_of=2024-12-31")["area_m2"] == 80.5
        latest = office.get(f"/v1/labs/{lab['id']}/history")["items"][0]
        assert latest["proposed_by"] == proposal["proposed_by"]
        assert latest["actor"] not in (None, latest["proposed_by"])
        assert partner.get(f"/v1/labs/{lab['id']}/history")["items"][0]["actor"] is None

    @staticmethod
    def _merge(office: Caller, entity: str) -> str:
        twin = office.post(
            "/v1/entities", {"names": [{"value": "Pracownia Lakowa sp. z o.o."}], "identifiers": [NIP]}, expect=201
        )
        assert len(office.get("/v1/entities/nip:6762464304", expect=409)["candidates"]) == 2
        [rule] = office.get("/v1/registry/rules?code=identifier_conflict")["items"]
        assert (rule["breaking"], len(office.names(rule["rows"]))) == (2, 2)
        office.post("/v1/networks/CEBR/members", {"entity": twin["id"], "from": "2024-01-01"}, expect=201)
        office.post("/v1/data-repositories", {"name": "Dane o łąkach", "operator": twin["id"]}, expect=201)
        survivor = office.post(f"/v1/entities/{twin['id']}/merge", {"into": id_of(entity), "kind": "duplicate"})
        assert f"/v1/entities/{survivor['id']}" == entity
        assert [one["code"] for one in survivor["networks"]] == ["CEBR"]
        [repository] = office.get("/v1/data-repositories")["items"]
        assert repository["operator"]["id"] == survivor["id"]
        [rule] = office.get("/v1/registry/rules?code=identifier_conflict")["items"]
        assert rule["breaking"] == 0
        return f"/v1/entities/{twin['id']}"

    @staticmethod
    def _look_back(anybody: Caller, entity: str, merged: str, before: str) -> None:
        moved = anybody.send("GET", merged, expect=308)
        assert moved.headers["location"] == entity
        listed = "/v1/entities?q=lakowa&registration=registered&as_of="
        assert (anybody.names(listed + "2023-12-31"), anybody.names(listed + "2024-12-31")) == (
            [],
            ["Pracownia Łąkowa"],
        )
        figures = [anybody.figure("registry.entities.registered", day) for day in ("2023-12-31", "2024-12-31")]
        assert figures[1] == figures[0] + 1
        assert anybody.figure("registry.entities.cooperating", "2024-12-31") >= 1
        then = anybody.get(f"{entity}?as_of=2024-02-15")
        assert (then["registration"], then["groups"], then["partnerships"]) == ("applied", [], [])
        known = anybody.get(f"{entity}?known_at={quote(before)}")
        assert (known["legal_form"], anybody.get(entity)["legal_form"]) == (None, "sp. z o.o.")
        revisions = anybody.get(f"{entity}/history?limit=500")["items"]
        assert {change["field"] for one in revisions for change in one["changes"]} >= {
            "legal_form",
            "groups",
            "networks",
        }
        for words in ("pracownia lakowa", "Łąkowa", anybody.get(entity)["rbw_number"], NIP["value"]):
            [hit] = anybody.get(f"/v1/registry/search?collection=entities&q={words}")["items"]
            assert hit["path"] == entity
        rules = {one["code"]: one for one in anybody.get("/v1/registry/rules?as_of=2024-12-31")["items"]}
        assert (rules["partner_in_sig"]["breaking"], rules["interest_group"]["breaking"]) == (0, 0)
        [talents] = [one for one in rules["active_sig"]["groups"] if one["code"] == "talents"]
        assert "Pracownia Łąkowa" in anybody.names(talents["members_rows"])
