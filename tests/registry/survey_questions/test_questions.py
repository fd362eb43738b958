"""Questions of the survey: their words change, their code and unit stay."""

from typing import Any

import httpx

from klaster_registry.survey_questions.schemas import QuestionRead

SALES = {"code": "sales", "name": {"pl": "Sprzedaż", "en": "Sales"}, "unit": "PLN"}


REFUSED: list[Any] = [
    ({"unit": "two words"}, "/unit"),
    ({"code": "Ł"}, "/code"),
    ({"name": {"pl": "\0", "en": "x"}}, "/name/pl"),
    ({"colour": "red"}, "/colour"),
]


class TestQuestions:
    async def test_change_their_words_and_are_retired(self, api: httpx.AsyncClient, anybody: httpx.AsyncClient) -> None:
        added = await api.post("/v1/survey-questions", json=SALES)
        assert (added.status_code, added.headers["location"]) == (201, "/v1/survey-questions/sales")
        QuestionRead.model_validate(added.json())
        assert (await api.post("/v1/survey-questions", json=SALES)).json()["code"] == "survey_question_exists"
        assert (await anybody.post("/v1/survey-questions", json=SALES)).status_code == 403
        path, etag = "/v1/survey-questions/sales", added.headers["etag"]
        change = {"retired": True, "name": {"pl": "Sprzedaż innowacji", "en": "Sales of innovations"}}
        assert (await api.patch(path, json=change)).status_code == 428
        changed = (await api.patch(path, json=change, headers={"If-Match": etag})).json()
        assert (changed["name"], changed["unit"], changed["retired"], changed["version"]) == (
            "Sales of innovations",
            "PLN",
            True,
            2,
        )
        assert (await api.patch(path, json=change, headers={"If-Match": etag})).status_code == 412
        assert (await api.patch(path, json={"unit": "EUR"}, headers={"If-Match": "*"})).status_code == 422
        history = (await anybody.get(f"{path}/history")).json()["items"]
        assert [one["kind"] for one in history] == ["updated", "created"]
        then = await anybody.get(path, params={"known_at": history[1]["at"]})
        assert (then.json()["name"], then.json()["retired"]) == ("Sales", False)
        page = (await anybody.get("/v1/survey-questions?retired=true&count=true&lang=all")).json()
        assert (page["total"], page["items"][0]["name"]["pl"]) == (1, "Sprzedaż innowacji")
        assert (await anybody.get("/v1/survey-questions?retired=false")).json()["items"] == []
        assert (await anybody.get("/v1/survey-questions/nobody")).json()["code"] == "survey_question_not_found"

    async def test_are_refused_with_the_place(self, api: httpx.AsyncClient) -> None:
        for change, pointer in REFUSED:
            answer = await api.post("/v1/survey-questions", json=SALES | change)
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
