"""Subscriptions: whose they are, and what may be asked for."""

from typing import Any

import pytest

from tests.gateway.webhooks.conftest import FIRST, Hooks, change

SECOND = "01900000-0000-7000-8000-000000000002"


@pytest.fixture
def database_url(own_database: str) -> str:
    """One engine is enough: what is written and read here is delivered on both elsewhere."""
    return own_database


class TestMaking:
    async def test_shows_the_secret_once(self, hooks: Hooks) -> None:
        headers = {**await hooks.gateway.as_role("integrator"), "Idempotency-Key": "one"}
        webhook = await hooks.subscribe(headers)
        assert webhook["secret"].startswith("whsec_")
        body = {"url": f"{hooks.receiver.url}/hook", "types": ["registry"]}
        again = await hooks.gateway.client.post("/v1/webhooks", json=body, headers=headers)
        assert (again.status_code, again.headers["location"]) == (409, f"/v1/webhooks/{webhook['id']}")
        assert "secret" not in await hooks.read(webhook)

    @pytest.mark.parametrize(
        ("more", "status", "code", "pointer"),
        [
            ({"url": "http://10.0.0.1/"}, 422, "target_refused", "/url"),
            ({"url": "http://[::ffff:169.254.169.254]/"}, 422, "target_refused", "/url"),
            ({"url": "ftp://127.0.0.1/"}, 422, "target_refused", "/url"),
            ({"url": "  "}, 422, "target_refused", "/url"),
            ({"types": []}, 422, "invalid", "/types"),
            ({"types": ["registry.entities.changed"]}, 422, "invalid", "/types/0"),
            ({"types": ["gateway.keys"]}, 422, "invalid", "/types/0"),
            ({"entities": ["RBW-000001"]}, 422, "invalid", "/entities/0"),
            ({"secret": "whsec_mine"}, 422, "invalid", "/secret"),
        ],
    )
    async def test_refuses_what_cannot_be_delivered(
        self, hooks: Hooks, more: dict[str, Any], status: int, code: str, pointer: str
    ) -> None:
        headers = await hooks.gateway.as_role("integrator")
        body = {"url": f"{hooks.receiver.url}/hook", "types": ["registry"], **more}
        refused = await hooks.gateway.client.post("/v1/webhooks", json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
        assert refused.json()["errors"][0]["pointer"] == pointer
        assert (await hooks.gateway.client.get("/v1/webhooks", headers=headers)).json()["items"] == []

    async def test_of_what_is_no_json_is_a_problem(self, hooks: Hooks) -> None:
        headers = await hooks.gateway.as_role("integrator")
        for kind in ("application/json", "text/plain"):
            sent = {**headers, "Content-Type": kind}
            refused = await hooks.gateway.client.post("/v1/webhooks", content=b"{", headers=sent)
            assert refused.status_code in {400, 422}, refused.text

    async def test_ends_at_twenty_of_one_owner(self, hooks: Hooks) -> None:
        headers = await hooks.gateway.as_role("integrator")
        for _ in range(20):
            await hooks.subscribe(headers)
        body = {"url": f"{hooks.receiver.url}/hook", "types": ["registry"]}
        refused = await hooks.gateway.client.post("/v1/webhooks", json=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_webhooks")
        first = (await hooks.gateway.client.get("/v1/webhooks?limit=15&count=true", headers=headers)).json()
        params = {"limit": 15, "cursor": first["next"]}
        second = (await hooks.gateway.client.get("/v1/webhooks", params=params, headers=headers)).json()
        assert (first["total"], len(first["items"]), len(second["items"]), second["next"]) == (20, 15, 5, None)

    @pytest.mark.parametrize(("role", "status"), [("device", 403), (None, 401)])
    async def test_is_not_for_everybody(self, hooks: Hooks, role: str | None, status: int) -> None:
        headers = await hooks.gateway.as_role(role) if role else {}
        body = {"url": f"{hooks.receiver.url}/hook", "types": ["registry"]}
        assert (await hooks.gateway.client.post("/v1/webhooks", json=body, headers=headers)).status_code == status


class TestOwning:
    async def test_is_the_key_s_the_entity_s_and_the_office_s(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        partner = await hooks.subscribe(await hooks.gateway.as_role("partner", entity=FIRST))
        others = {
            "integrator": (await hooks.gateway.as_role("integrator"), set()),
            "colleague": (await hooks.gateway.as_role("partner", entity=FIRST), {partner["id"]}),
            "partner": (await hooks.gateway.as_role("partner", entity=SECOND), set()),
            "office": (await hooks.gateway.as_role("office"), {webhook["id"], partner["id"]}),
        }
        for name, (headers, seen) in others.items():
            listed = (await hooks.gateway.client.get("/v1/webhooks", headers=headers)).json()["items"]
            assert {each["id"] for each in listed} == seen, name
            for each in (webhook, partner):
                status = 200 if each["id"] in seen else 404
                as_them = {**each, "headers": headers}
                for answer in (
                    await hooks.gateway.client.get(f"/v1/webhooks/{each['id']}", headers=headers),
                    await hooks.gateway.client.get(f"/v1/webhooks/{each['id']}/deliveries", headers=headers),
                    await hooks.patch(as_them, description=name),
                ):
                    assert answer.status_code == status, (name, answer.text)


class TestChanging:
    async def test_needs_the_version_that_was_read(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        url = f"/v1/webhooks/{webhook['id']}"
        read = await hooks.gateway.client.get(url, headers=webhook["headers"])
        tag = {**webhook["headers"], "If-Match": read.headers["etag"]}
        changed = await hooks.gateway.client.patch(url, json={"types": ["events.*.created"]}, headers=tag)
        stale = await hooks.gateway.client.patch(url, json={"types": ["events"]}, headers=tag)
        absent = await hooks.gateway.client.delete(url, headers=webhook["headers"])
        assert (changed.json()["types"], stale.status_code, absent.status_code) == (["events.*.created"], 412, 428)
        inside = await hooks.patch(webhook, url="http://192.168.0.1/")
        assert (inside.status_code, inside.json()["code"]) == (422, "target_refused")
        ended = await hooks.gateway.client.delete(url, headers={**webhook["headers"], "If-Match": '"2"'})
        gone = await hooks.gateway.client.get(url, headers=webhook["headers"])
        assert (ended.status_code, gone.json()["code"]) == (204, "webhook_not_found")

    async def test_pauses_without_losing_anything(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        paused = (await hooks.patch(webhook, active=False)).json()
        assert (paused["state"], paused["reason"]) == ("paused", "asked")
        await hooks.tell(change(1))
        assert await hooks.deliver() == 0
        await hooks.patch(webhook, active=True)
        assert await hooks.deliver() == 1


class TestPing:
    async def test_arrives_as_any_message_does(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        sent = await hooks.post(webhook, "ping")
        assert (sent.status_code, sent.json()["type"], sent.json()["state"]) == (202, "klaster.ping", "waiting")
        await hooks.deliver()
        found = await hooks.gateway.client.get(sent.headers["location"], headers=webhook["headers"])
        assert (found.json()["state"], found.json()["body"]["data"]) == ("delivered", {"webhook": webhook["id"]})
        assert [each["status"] for each in found.json()["tries"]] == [200]


class TestReplay:
    async def test_of_a_time_sends_what_was_settled_then(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        began = hooks.clock().isoformat()
        await hooks.tell(change(1), change(2))
        await hooks.deliver()
        arrived = {asked.header(b"webhook-id")[0] for asked in hooks.receiver.asked}
        none = await hooks.post(webhook, "replay", {"from": began})
        both = await hooks.post(webhook, "replay", {"from": began, "states": ["dead", "delivered"]})
        assert (none.json(), both.status_code, both.json()) == ({"replayed": 0}, 202, {"replayed": 2})
        assert await hooks.deliver() == 2
        assert {asked.header(b"webhook-id")[0] for asked in hooks.receiver.asked[2:]} == arrived

    async def test_of_what_is_not_there_is_404(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        unknown = await hooks.post(webhook, f"deliveries/{SECOND}/replay")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "delivery_not_found")

    async def test_lists_deliveries_page_by_page(self, hooks: Hooks) -> None:
        webhook = await hooks.subscribe()
        await hooks.tell(*(change(number) for number in range(1, 6)))
        url = f"/v1/webhooks/{webhook['id']}/deliveries"
        first = (await hooks.gateway.client.get(f"{url}?limit=3&count=true", headers=webhook["headers"])).json()
        params = {"limit": 3, "cursor": first["next"]}
        second = (await hooks.gateway.client.get(url, params=params, headers=webhook["headers"])).json()
        found = [each["position"] for each in (*first["items"], *second["items"])]
        assert (first["total"], found, second["next"]) == (5, ["5", "4", "3", "2", "1"], None)
