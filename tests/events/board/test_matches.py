"""Matches: who is suggested, why, and who never is."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from klaster_events.board.words import stems_in
from klaster_events.entities.operations import keep
from klaster_events.entities.schemas import EntityFacts
from klaster_events.matches.features import rarity
from klaster_shared.identifiers import new_id
from tests.events.board.conftest import BOARD, Post
from tests.events.board.test_interests import shown, step
from tests.events.conftest import FOUNDATION, NOW, STARTUP

MATCHES = "/v1/lsos/matches"
HOSPITAL = UUID("01900000-0000-7000-8000-000000000003")
RIVALS = "/v1/lsos/entities/{}/competitors"


@pytest.fixture
async def hospital(app: FastAPI, board: httpx.AsyncClient) -> UUID:
    """A hospital, of another interest group than the startup."""
    facts = [
        EntityFacts(id=HOSPITAL, name="Szpital", interest_group="MED"),
        EntityFacts(id=new_id(), name="Uczelnia", interest_group="RD"),
    ]
    async with app.state.database.write() as session:
        await keep(session, facts=facts, now=NOW)
        await session.execute(text("UPDATE entities SET interest_group = 'BIOF' WHERE name = 'Cardiomatics'"))
    return HOSPITAL


async def suggested(client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await client.get(MATCHES, params={"lang": "pl", **asked})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def titles(items: list[dict[str, Any]]) -> list[str]:
    return [item["post"]["title"] for item in items]


class TestSuggest:
    async def test_names_what_speaks_for_each_the_best_first(
        self, startup: httpx.AsyncClient, post: Post, hospital: UUID
    ) -> None:
        own = await post("Analiza EKG", keywords=["arytmia"], fields=["medicine"], regions=["JP"])
        need = {"side": "need", "owner": str(hospital)}
        await post("Opis badań EKG", **need, keywords=["arytmie"], fields=["medicine"], regions=["142"])
        await post("Żywienie chorych", **need, kind="consortium", fields=["medicine"], text={"pl": "Dieta."})
        await post("Krzesła", **need, text={"pl": "Meble."})
        await post("Analiza EKG i arytmii", owner=str(hospital), fields=["medicine"])
        best, second = await suggested(startup)
        assert [best["post"]["title"], second["post"]["title"]] == ["Opis badań EKG", "Żywienie chorych"]
        words = next(one for one in best["features"] if one["name"] == "common_words")
        assert {one["name"]: one["reason"] for one in best["features"]} == {
            "offer_meets_need": "Oferta odpowiada na potrzebę: technology",
            "common_words": "Wspólne słowa: " + ", ".join(words["about"]),
            "same_field": "Ta sama dziedzina: medicine",
            "region_asked": "Szuka partnerów w tym samym regionie: Azja",
            "complementary_group": "Uzupełniające się grupy zainteresowań: BIOF, MED",
        }
        assert {"EKG", "arytmia"} <= set(words["about"])
        assert best["score"] == pytest.approx(sum(one["weight"] for one in best["features"]))
        assert (best["for_post"], second["for_post"]) == (own["id"], own["id"])
        assert titles(await suggested(startup, post=own["id"])) == titles([best, second])
        [english] = await suggested(startup, post=own["id"], lang="en", limit=1)
        assert "An offer meets a need: technology" in [one["reason"] for one in english["features"]]

    async def test_joins_those_who_look_for_partners_on_the_same_side(
        self, startup: httpx.AsyncClient, post: Post, hospital: UUID
    ) -> None:
        await post("Konsorcjum: sensory", kind="consortium", fields=["food"])
        await post("Konsorcjum: jakość", kind="consortium", fields=["food"], owner=str(hospital))
        [match] = await suggested(startup)
        assert "both_seek_partners" in [one["name"] for one in match["features"]]

    async def test_of_an_entity_without_posts_are_the_newest_of_other_groups(
        self, board: httpx.AsyncClient, post: Post, hospital: UUID
    ) -> None:
        assert await suggested(board, entity=str(hospital)) == []
        await post("Starsza", posted_at="2026-11-01T00:00:00Z")
        await post("Nowsza")
        items = await suggested(board, entity=str(hospital))
        assert (titles(items), items[0]["for_post"]) == (["Nowsza", "Starsza"], None)
        assert [one["name"] for one in items[0]["features"]] == ["complementary_group"]


class TestNever:
    async def test_suggests_what_is_closed_over_a_draft_or_answered_by_oneself(
        self, board: httpx.AsyncClient, startup: httpx.AsyncClient, post: Post, hospital: UUID
    ) -> None:
        await post()
        need = {"side": "need", "owner": str(hospital)}
        open_one = await post("Otwarta", **need)
        await post("Szkic", **need, state="draft")
        await post("Po terminie", **need, valid_until="2026-01-01", posted_at="2025-06-01T00:00:00Z")
        closed = await post("Zamknięta", **need)
        await board.post(f"{BOARD}/{closed['id']}/close", headers={"If-Match": "*"})
        assert titles(await suggested(startup)) == ["Otwarta"]
        await shown(startup, open_one)
        assert await suggested(startup) == []

    async def test_across_a_refused_consent_until_interest_is_shown_anew(
        self, board: httpx.AsyncClient, startup: httpx.AsyncClient, post: Post, hospital: UUID
    ) -> None:
        offer = await post()
        need = await post("Potrzeba", side="need", owner=str(hospital))
        path = await shown(startup, need)
        await step(board, path, "decline")
        assert await suggested(startup) == []
        assert await suggested(board, post=need["id"]) == []
        await shown(board, offer, entity=str(hospital))
        assert titles(await suggested(startup)) == ["Potrzeba"]

    async def test_between_competitors_whichever_of_them_said_so(
        self,
        board: httpx.AsyncClient,
        startup: httpx.AsyncClient,
        foundation: httpx.AsyncClient,
        post: Post,
        hospital: UUID,
    ) -> None:
        await post()
        need = await post("Potrzeba", side="need", owner=str(hospital))
        path = RIVALS.format(hospital)
        assert (await startup.get(path)).json()["code"] == "not_your_list"
        assert (await foundation.put(f"{path}/{STARTUP}")).json()["code"] == "not_your_list"
        for _ in range(2):
            assert (await board.put(f"{path}/{STARTUP}")).status_code == 204
        [listed] = (await board.get(path, params={"count": "true"})).json()["items"]
        assert (listed["id"], listed["name"]) == (str(STARTUP), "Cardiomatics")
        assert (await startup.get(RIVALS.format(STARTUP))).json()["items"] == []
        assert await suggested(startup) == []
        assert await suggested(board, post=need["id"]) == []
        assert (await board.put(f"{path}/{hospital}")).json()["errors"][0]["code"] == "same_entity"
        assert (await board.put(f"{path}/{new_id()}")).json()["errors"][0]["code"] == "unknown_entity"
        assert (await board.delete(f"{path}/{STARTUP}")).status_code == 204
        assert titles(await suggested(startup)) == ["Potrzeba"]

    async def test_is_asked_for_by_others(
        self, board: httpx.AsyncClient, foundation: httpx.AsyncClient, anybody: httpx.AsyncClient, post: Post
    ) -> None:
        made = await post()
        for asked in ({"post": made["id"]}, {"entity": str(STARTUP)}):
            assert (await foundation.get(MATCHES, params=asked)).json()["code"] == "not_your_post"
        assert (await anybody.get(MATCHES)).status_code == 403
        assert (await board.get(MATCHES)).json()["errors"][0]["pointer"] == "query/entity"
        both = {"post": made["id"], "entity": str(FOUNDATION)}
        assert (await board.get(MATCHES, params=both)).json()["errors"][0]["pointer"] == "query/post"
        assert (await board.get(MATCHES, params={"post": str(new_id())})).json()["code"] == "post_not_found"


class TestWords:
    def test_are_compared_without_endings_and_without_those_that_say_nothing(self) -> None:
        found = stems_in(["Oferujemy analizę EKG dla kardiologii", None, "Analiza w 3D, bez kardiologia"])
        assert list(found.values()) == ["analizę", "EKG", "kardiologii", "3D"]

    def test_weigh_the_more_the_rarer_they_are(self) -> None:
        weights = [rarity(posts) for posts in (0, 1, 2, 100, 5_000)]
        assert weights == sorted(weights, reverse=True)
        assert weights[0] == 1.0
