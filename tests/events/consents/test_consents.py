"""What people agree to: words in versions, given and taken back."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from klaster_events.consents.operations import check_given, consents_of, forget_consents, give, withdraw
from klaster_events.consents.schemas import ConsentGiven
from klaster_shared.errors import Invalid
from tests.events.conftest import FOUNDATION, NOW

ADA = UUID("01900000-0000-7000-8000-00000000000a")


def words(purpose: str = "newsletter", text: str = "Chcę", **more: Any) -> dict[str, Any]:
    return {"purpose": purpose, "text": {"pl": text, "en": text}, **more}


def agree(purpose: str = "newsletter", version: int = 1) -> ConsentGiven:
    return ConsentGiven(purpose=purpose, version=version)


class TestTexts:
    async def test_are_none_at_first(self, anybody: httpx.AsyncClient) -> None:
        answer = await anybody.get("/v1/consent-texts", params={"count": "true"})
        assert answer.json() == {"items": [], "next": None, "total": 0}

    async def test_are_read_by_everybody_in_the_version_of_today(
        self, empty: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        for text in ("Chcę", "Bardzo chcę"):
            assert (await empty.post("/v1/consent-texts", json=words(text=text))).status_code == 201
        await empty.post("/v1/consent-texts", json=words("photos", required=True))
        page = (await anybody.get("/v1/consent-texts", params={"limit": 1, "lang": "pl"})).json()
        assert [(item["purpose"], item["version"], item["text"]) for item in page["items"]] == [
            ("newsletter", 2, "Bardzo chcę")
        ]
        rest = (await anybody.get("/v1/consent-texts", params={"cursor": page["next"]})).json()
        assert [(item["purpose"], item["required"]) for item in rest["items"]] == [("photos", True)]
        versions = await anybody.get("/v1/consent-texts/newsletter/versions", params={"lang": "pl"})
        assert [item["text"] for item in versions.json()["items"]] == ["Chcę", "Bardzo chcę"]

    async def test_are_no_new_version_when_they_say_the_same(self, empty: httpx.AsyncClient) -> None:
        versions = [(await empty.post("/v1/consent-texts", json=words())).json()["version"] for _ in range(2)]
        assert versions == [1, 1]

    async def test_are_retired_once_and_come_back_with_new_words(
        self, empty: httpx.AsyncClient, anybody: httpx.AsyncClient
    ) -> None:
        await empty.post("/v1/consent-texts", json=words())
        assert (await empty.post("/v1/consent-texts/newsletter/retire")).json()["retired"] is True
        assert (await anybody.get("/v1/consent-texts")).json()["items"] == []
        again = await empty.post("/v1/consent-texts/newsletter/retire")
        assert (again.status_code, again.json()["code"]) == (409, "consent_purpose_retired")
        assert (await empty.post("/v1/consent-texts", json=words())).json()["version"] == 2

    @pytest.mark.parametrize("path", ["/v1/consent-texts/none/versions", "/v1/consent-texts/none/retire"])
    async def test_of_no_purpose_are_not_found(self, empty: httpx.AsyncClient, path: str) -> None:
        answer = await (empty.post(path) if path.endswith("retire") else empty.get(path))
        assert (answer.status_code, answer.json()["code"]) == (404, "consent_purpose_not_found")

    async def test_are_written_by_the_office_alone(self, anybody: httpx.AsyncClient) -> None:
        assert (await anybody.post("/v1/consent-texts", json=words())).status_code == 403
        assert (await anybody.post("/v1/consent-texts/newsletter/retire")).status_code == 403

    async def test_stand_in_the_feed(self, empty: httpx.AsyncClient, follower: httpx.AsyncClient) -> None:
        await empty.post("/v1/consent-texts", json=words())
        [change] = (await follower.get("/v1/events/changes")).json()["items"]
        assert (change["collection"], change["id"], change["record"]["version"]) == ("consent_texts", "newsletter", 1)


class TestCheckGiven:
    @pytest.mark.parametrize(
        ("given", "pointer", "code"),
        [
            ([agree("photos"), agree("unknown")], "/consents/1/purpose", "unknown_purpose"),
            ([agree("photos"), agree(version=2)], "/consents/1/version", "other_version"),
            ([agree("photos"), agree("photos")], "/consents/1/purpose", "repeated"),
            ([agree()], "/consents", "consent_required"),
        ],
    )
    async def test_refuses_what_cannot_be_agreed_to_with_a_pointer(
        self, app: FastAPI, empty: httpx.AsyncClient, given: list[ConsentGiven], pointer: str, code: str
    ) -> None:
        await empty.post("/v1/consent-texts", json=words())
        await empty.post("/v1/consent-texts", json=words("photos", required=True))
        async with app.state.database.read() as session:
            with pytest.raises(Invalid) as refused:
                await check_given(session, given=given)
        assert [(error["pointer"], error["code"]) for error in refused.value.errors] == [(pointer, code)]

    async def test_asks_for_nothing_where_nothing_is_required(self, app: FastAPI, empty: httpx.AsyncClient) -> None:
        await empty.post("/v1/consent-texts", json=words())
        async with app.state.database.read() as session:
            await check_given(session, given=[])
            await check_given(session, given=[agree()])


class TestConsents:
    async def test_keep_their_words_and_times_when_they_are_taken_back(
        self, app: FastAPI, empty: httpx.AsyncClient
    ) -> None:
        await empty.post("/v1/consent-texts", json=words())
        async with app.state.database.write() as session:
            await give(session, pairs=[(ADA, [agree()])], event_id=FOUNDATION, now=NOW)
        await empty.post("/v1/consent-texts", json=words(text="Inaczej"))
        async with app.state.database.write() as session:
            taken = [await withdraw(session, person_id=ADA, purpose="newsletter", now=NOW) for _ in range(2)]
            [consent] = await consents_of(session, person_id=ADA, language="pl")
        assert taken == [1, 0]
        assert consent == {
            "purpose": "newsletter",
            "version": 1,
            "text": "Chcę",
            "event_id": FOUNDATION,
            "given_at": NOW,
            "withdrawn_at": NOW,
        }

    async def test_go_with_the_person_and_leave_no_words_in_the_log(
        self, app: FastAPI, empty: httpx.AsyncClient
    ) -> None:
        await empty.post("/v1/consent-texts", json=words())
        async with app.state.database.write() as session:
            await give(session, pairs=[(ADA, [agree()]), (FOUNDATION, [])], event_id=None, now=NOW)
            assert await forget_consents(session, person_ids=[ADA]) == 1
            assert await consents_of(session, person_id=ADA, language="pl") == []
        changes = (await empty.get("/v1/events/changes")).json()["items"]
        assert [(item["kind"], item["record"]) for item in changes if item["collection"] == "consents"] == [
            ("created", None),
            ("deleted", None),
        ]
