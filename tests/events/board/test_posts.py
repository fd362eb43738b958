"""Posts on the board: who writes them, who sees them, how they are found, and how they end."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.board.regions import around
from klaster_events.resources.following import follow_registry
from klaster_shared.identifiers import new_id
from tests.events.board.conftest import BOARD, Post, post_body
from tests.events.conftest import FOUNDATION, STARTUP, FakeRegistry
from tests.events.figures.test_figures import figure, rows


def pointers(answer: httpx.Response) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]


async def titles(client: httpx.AsyncClient, asked: str = "") -> list[str]:
    answer = await client.get(f"{BOARD}?lang=pl&{asked}")
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def changes(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    items = (await client.get("/v1/events/changes?after=0")).json()["items"]
    return [item for item in items if item["collection"] == "board_posts"]


class TestCreate:
    async def test_is_a_partner_s_for_its_own_entity_and_the_office_s_for_any(
        self, board: httpx.AsyncClient, startup: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        body = {**post_body(), "owner": None}
        own = await startup.post(BOARD, json=body)
        assert (own.status_code, own.json()["owner"]["id"]) == (201, str(STARTUP))
        assert own.headers["cache-control"] == "private, no-store"
        foreign = await startup.post(BOARD, json={**body, "owner": str(FOUNDATION)})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "not_your_post")
        assert pointers(await board.post(BOARD, json=body)) == ["/owner"]
        assert (await board.post(BOARD, json=post_body())).status_code == 201
        assert (await anybody.post(BOARD, json=body)).status_code == 403

    async def test_says_what_cannot_be(self, board: httpx.AsyncClient) -> None:
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"kind": "alchemy"}, "/kind"),
            ({"regions": ["ZZ"]}, "/regions/0"),
            ({"readiness": 10}, "/readiness"),
            ({"title": {}}, "/title/pl"),
            ({"valid_until": "2026-11-23"}, "/valid_until"),
            ({"contact": {"name": "Ada", "email": "nowhere"}}, "/contact/email"),
            ({"posted_at": "2027-01-01T00:00:00Z"}, "/posted_at"),
            ({"owner": "01900000-0000-7000-8000-00000000dead"}, "/owner"),
        ]
        answers = [await board.post(BOARD, json=post_body(**properties)) for properties, _ in wrong]
        assert [(answer.status_code, pointers(answer)) for answer in answers] == [(422, [one]) for _, one in wrong]
        assert (await board.get(BOARD)).json()["items"] == []

    async def test_leaves_the_past_to_the_office_and_takes_a_source_s_key_once(
        self, board: httpx.AsyncClient, startup: httpx.AsyncClient
    ) -> None:
        past = post_body(posted_at="2025-03-01T10:00:00Z", state="closed", source="b2b", source_key="1")
        assert pointers(await startup.post(BOARD, json=past)) == ["/posted_at"]
        assert pointers(await startup.post(BOARD, json=post_body(state="closed"))) == ["/state"]
        assert (await board.post(BOARD, json=past)).json()["posted_at"] == "2025-03-01T10:00:00Z"
        assert (await board.post(BOARD, json=past)).json()["code"] == "post_exists"

    async def test_needs_the_registry_for_an_unknown_owner_alone(
        self, board: httpx.AsyncClient, registry: FakeRegistry
    ) -> None:
        registry.away = True
        assert (await board.post(BOARD, json=post_body())).status_code == 201
        unknown = post_body(owner=str(new_id()))
        assert (await board.post(BOARD, json=unknown)).status_code == 503


class TestList:
    async def test_goes_page_by_page_the_newest_first_and_answers_304(
        self, anybody: httpx.AsyncClient, post: Post
    ) -> None:
        for month in range(1, 6):
            await post(f"{month}", posted_at=f"2026-0{month}-01T00:00:00Z")
        first = await anybody.get(BOARD, params={"limit": 3, "count": "true", "lang": "pl"})
        second = await anybody.get(first.headers["link"].split(">")[0].lstrip("<"))
        shown = [item["title"] for page in (first, second) for item in page.json()["items"]]
        assert (shown, first.json()["total"], second.json()["next"]) == (list("54321"), 5, None)
        again = await anybody.get(
            BOARD, params={"limit": 3, "count": "true", "lang": "pl"}, headers={"If-None-Match": first.headers["etag"]}
        )
        assert again.status_code == 304
        assert await titles(anybody, "sort=title") == list("12345")
        assert (await anybody.get(BOARD, params={"colour": "red"})).status_code == 422

    async def test_filters(self, board: httpx.AsyncClient, post: Post) -> None:
        await post(
            "EKG", fields=["medicine"], keywords=["Kardiologia", "machine learning"], regions=["142"], readiness=7
        )
        await post("Łosoś", side="need", kind="consortium", fields=["food"], regions=["DE"], owner=str(FOUNDATION))
        await post("Etat", kind="job", regions=["PL"], valid_until="2026-11-24", visibility="partners")
        await post("Dawno", valid_until="2026-01-31", posted_at="2025-12-31T23:30:00Z", state="published")
        await post("Szkic", state="draft")
        assert await titles(board) == ["Szkic", "Etat", "Łosoś", "EKG", "Dawno"]
        found = {
            "side=need": ["Łosoś"],
            "kind=job&kind=consortium": ["Etat", "Łosoś"],
            "counts_as=cooperation_offer&state=published": ["Łosoś", "EKG", "Dawno"],
            "q=losos": ["Łosoś"],
            "q=machine+ekg": ["EKG"],
            f"owner={FOUNDATION}": ["Łosoś"],
            "field=food&field=environment": ["Łosoś"],
            "keyword=kardiologia": ["EKG"],
            "region=JP": ["EKG"],
            "region=150": [],
            "international=true": ["Łosoś", "EKG"],
            "readiness_min=5&readiness_max=7": ["EKG"],
            "open=true": ["Etat", "Łosoś", "EKG"],
            "open=false": ["Szkic", "Dawno"],
            "posted_from=2026-01-01&posted_to=2026-01-01": ["Dawno"],
            "visibility=partners": ["Etat"],
        }
        assert {asked: await titles(board, asked) for asked in found} == found

    async def test_shows_partners_theirs_and_nobody_a_foreign_draft(
        self, post: Post, anybody: httpx.AsyncClient, startup: httpx.AsyncClient, foundation: httpx.AsyncClient
    ) -> None:
        draft = await post("Szkic", state="draft")
        await post("Dla Partnerów", visibility="partners")
        seen = [await titles(client) for client in (anybody, foundation, startup)]
        assert seen == [[], ["Dla Partnerów"], ["Dla Partnerów", "Szkic"]]
        path = f"{BOARD}/{draft['id']}"
        assert [(await client.get(path)).status_code for client in (anybody, foundation, startup)] == [404, 404, 200]
        assert (await startup.get(BOARD)).headers["cache-control"] == "private, no-cache"
        assert (await anybody.get(BOARD)).headers["cache-control"] == "public, no-cache"

    async def test_speaks_the_language_asked_for_or_the_one_that_there_is(
        self, post: Post, anybody: httpx.AsyncClient
    ) -> None:
        made = await post(regions=["142"])
        path = f"{BOARD}/{made['id']}"
        english = (await anybody.get(path, params={"lang": "en"})).json()
        assert (english["title"], english["regions"]) == ("Analiza EKG", [{"code": "142", "name": "Asia"}])
        both = (await anybody.get(path, params={"lang": "all"})).json()
        assert both["title"] == {"pl": "Analiza EKG", "en": None}
        assert both["regions"][0]["name"] == {"pl": "Azja", "en": "Asia"}


class TestChange:
    async def test_merges_what_is_given_and_nothing_else(
        self, board: httpx.AsyncClient, startup: httpx.AsyncClient, post: Post
    ) -> None:
        made = await post(keywords=["EKG"])
        path = f"{BOARD}/{made['id']}"
        said = {"title": {"en": "ECG analysis"}, "keywords": ["holter"], "regions": ["DE"]}
        assert (await startup.patch(path, json=said)).status_code == 428
        changed = (await startup.patch(path, json=said, headers={"If-Match": '"1"'}, params={"lang": "all"})).json()
        assert changed["title"] == {"pl": "Analiza EKG", "en": "ECG analysis"}
        assert (changed["version"], changed["international"], changed["text"]["pl"]) == (
            2,
            True,
            post_body()["text"]["pl"],
        )
        assert (await startup.patch(path, json=said, headers={"If-Match": '"1"'})).status_code == 412
        assert await titles(board, "keyword=ekg") == []
        unsaid = {"title": {"pl": None, "en": None}}
        refused = await startup.patch(path, json=unsaid, headers={"If-Match": "*"})
        assert (refused.status_code, pointers(refused)) == (422, ["/title"])
        over = await startup.patch(path, json={"valid_until": "2026-11-23"}, headers={"If-Match": "*"})
        assert pointers(over) == ["/valid_until"]
        same = await startup.patch(path, json=said, headers={"If-Match": "*"})
        assert same.json()["version"] == 2

    async def test_is_the_owner_s_and_the_office_s(
        self, board: httpx.AsyncClient, foundation: httpx.AsyncClient, post: Post
    ) -> None:
        made = await post()
        path, match = f"{BOARD}/{made['id']}", {"If-Match": "*"}
        for answer in (
            await foundation.patch(path, json={"readiness": 3}, headers=match),
            await foundation.post(f"{path}/close", headers=match),
            await foundation.delete(path, headers=match),
            await foundation.get(f"{path}/contact"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "not_your_post")
        assert (await board.patch(path, json={"readiness": 3}, headers=match)).json()["readiness"] == 3


class TestSteps:
    async def test_lead_from_draft_to_closed_and_count_the_first_day(
        self, startup: httpx.AsyncClient, post: Post
    ) -> None:
        made = await post(state="draft")
        path = f"{BOARD}/{made['id']}"
        assert (made["posted_at"], made["open"]) == (None, False)
        assert (await startup.post(f"{path}/publish")).status_code == 428
        states = []
        for step in ("publish", "answer", "publish", "answer", "close"):
            answer = await startup.post(f"{path}/{step}", headers={"If-Match": f'"{len(states) + 1}"'})
            states.append((answer.json()["state"], answer.json()["open"]))
        assert states == [
            ("published", True),
            ("answered", False),
            ("published", True),
            ("answered", False),
            ("closed", False),
        ]
        refused = await startup.post(f"{path}/publish", headers={"If-Match": "*"})
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_post_state")
        assert (await startup.get(path)).json()["posted_at"] == "2026-11-24T09:00:00Z"

    async def test_publish_nothing_that_is_over(self, startup: httpx.AsyncClient, post: Post) -> None:
        made = await post(state="draft", valid_until="2026-11-01")
        refused = await startup.post(f"{BOARD}/{made['id']}/publish", headers={"If-Match": "*"})
        assert (refused.status_code, pointers(refused)) == (422, ["/valid_until"])

    async def test_delete_drafts_and_demonstrations_alone(self, board: httpx.AsyncClient, post: Post) -> None:
        for properties, status in (({"state": "draft"}, 204), ({"demonstration": True}, 204), ({}, 409)):
            made = await post(**properties)
            answer = await board.delete(f"{BOARD}/{made['id']}", headers={"If-Match": "*"})
            assert answer.status_code == status


class TestFeed:
    async def test_tells_everybody_what_enters_and_leaves_and_never_the_contact(
        self, board: httpx.AsyncClient, follower: httpx.AsyncClient, post: Post
    ) -> None:
        made = await post(state="draft")
        path, match = f"{BOARD}/{made['id']}", {"If-Match": "*"}
        assert await changes(follower) == []
        await board.post(f"{path}/publish", headers=match)
        await board.patch(path, json={"contact": {"name": "Ewa Wzorzec", "email": "ewa@example.org"}}, headers=match)
        await board.patch(path, json={"visibility": "partners"}, headers=match)
        told = await changes(follower)
        assert [(one["kind"], one["changed"]) for one in told] == [
            ("created", ["state"]),
            ("updated", ["contact"]),
            ("deleted", []),
        ]
        assert told[0]["record"]["title"] == {"pl": "Analiza EKG", "en": None}
        assert "open" not in told[0]["record"]


class TestContact:
    async def test_is_told_to_the_owner_noted_and_forgotten(
        self, app: FastAPI, base_url: str, board: httpx.AsyncClient, startup: httpx.AsyncClient, post: Post
    ) -> None:
        made = await post()
        path = f"{BOARD}/{made['id']}/contact"
        answer = await startup.get(path)
        assert (answer.json()["email"], answer.headers["cache-control"]) == ("ada@example.org", "private, no-store")
        person = answer.json()["id"]
        held = (await board.get(f"/v1/privacy/people/{person}", params={"reason": "asked"})).json()
        assert [(one["id"], one["title"]["pl"]) for one in held["posts"]] == [(made["id"], "Analiza EKG")]
        assert [(look["role"], look["shown"]) for look in held["looks"]] == [("partner", "board contact")]
        await board.post(f"/v1/privacy/people/{person}/erase", json={"reason": "asked"})
        gone = await startup.get(path)
        assert (gone.status_code, gone.json()["code"]) == (404, "contact_gone")
        another = {"contact": {"name": "Ewa Wzorzec", "email": "ewa@example.org"}}
        await startup.patch(f"{BOARD}/{made['id']}", json=another, headers={"If-Match": "*"})
        assert (await startup.get(path)).json()["name"] == "Ewa Wzorzec"


class TestMerges:
    async def test_are_followed_by_owners_filters_and_those_who_speak(
        self, app: FastAPI, registry: FakeRegistry, board: httpx.AsyncClient, foundation: httpx.AsyncClient, post: Post
    ) -> None:
        made = await post()
        record = registry.knows(FOUNDATION, "Fundacja")
        merged = {**record, "id": str(STARTUP), "name": "Cardiomatics", "merged_into": str(FOUNDATION)}
        registry.tell("merged", STARTUP, merged, merged_into=str(FOUNDATION))
        await follow_registry(app.state.database, app.state.registry)
        assert (await board.get(f"{BOARD}/{made['id']}")).json()["owner"] == {"id": str(FOUNDATION), "name": "Fundacja"}
        assert await titles(board, f"owner={FOUNDATION}") == ["Analiza EKG"]
        closed = await foundation.post(f"{BOARD}/{made['id']}/close", headers={"If-Match": "*"})
        assert closed.json()["state"] == "closed"


class TestFigure:
    async def test_counts_offers_abroad_once_in_the_year_of_their_day(
        self, anybody: httpx.AsyncClient, board: httpx.AsyncClient, post: Post
    ) -> None:
        then = {"posted_at": "2025-06-01T10:00:00Z", "state": "closed", "regions": ["DE"]}
        await post(**then)
        await post(**then, kind="consortium", visibility="partners", demonstration=True)
        await post(**then, side="need")
        await post(**then, kind="job")
        await post(**{**then, "regions": ["PL"]})
        await post(**{**then, "posted_at": "2024-12-31T22:59:00Z"})
        await post(**{**then, "posted_at": None, "state": "draft"})
        found = await figure(anybody, "events.lsos.international_offers")
        assert (found["value"], found["demonstration"], found["restricted"]) == (2, 1, 1)
        assert len(await rows(board, found["rows"])) == 2
        assert (await figure(anybody, "events.lsos.international_offers", as_of="2024-06-30"))["value"] == 1


class TestRegions:
    @pytest.mark.parametrize(
        ("code", "wider"), [("JP", "142"), ("IS", "150"), ("US", "019"), ("NZ", "009"), ("KE", "002"), ("142", "001")]
    )
    def test_lie_within_larger_ones(self, code: str, wider: str) -> None:
        assert around(code) >= {code, wider, "001"}
        assert "142" not in around("PL")


class TestKinds:
    async def test_are_data_and_a_retired_one_is_given_to_nothing_new(self, board: httpx.AsyncClient) -> None:
        kind = {"code": "licence", "name": {"pl": "Licencja", "en": "Licence"}, "counts_as": ["cooperation_offer"]}
        assert (await board.post("/v1/lsos/post-kinds", json=kind)).status_code == 201
        assert (await board.post("/v1/lsos/post-kinds", json=kind)).json()["code"] == "post_kind_taken"
        assert (await board.post(BOARD, json=post_body(kind="licence"))).status_code == 201
        path = "/v1/lsos/post-kinds/licence"
        retired = await board.patch(path, json={"retired": True}, headers={"If-Match": '"1"'})
        assert retired.json()["version"] == 2
        assert pointers(await board.post(BOARD, json=post_body(kind="licence"))) == ["/kind"]
        assert (await board.get("/v1/lsos/post-kinds", params={"count": "true"})).json()["total"] == 4
        assert (await board.get("/v1/lsos/post-kinds/none")).json()["code"] == "post_kind_not_found"
