"""Every error is a problem document, and none says too much."""

from typing import Self

import httpx
import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError, model_validator

from klaster_shared.errors import as_problem, wrong_field


class TestProblems:
    async def test_names_the_field_and_the_reason(self, office: httpx.AsyncClient) -> None:
        answer = await office.post("/v1/notes", json={"text": "", "colour": "red"})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert {error["pointer"] for error in problem["errors"]} == {"/text", "/colour"}
        assert problem["type"] == "/problems/invalid"
        assert problem["request_id"] == answer.headers["x-request-id"]

    async def test_calls_broken_json_malformed(self, office: httpx.AsyncClient) -> None:
        answer = await office.post("/v1/notes", content=b"{", headers={"content-type": "application/json"})
        assert answer.status_code == 400

    async def test_refuses_unknown_parameters_by_name(self, office: httpx.AsyncClient) -> None:
        answer = await office.get("/v1/notes", params={"q": "a", "colour": "red"})
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["query/colour"]

    async def test_answers_unknown_paths_and_methods(self, office: httpx.AsyncClient) -> None:
        assert (await office.get("/v1/nothing")).json()["code"] == "not_found"
        wrong_method = await office.delete("/v1/notes")
        assert wrong_method.json()["code"] == "method_not_allowed"
        assert "GET" in wrong_method.headers["allow"]

    async def test_never_shows_what_failed_inside(self, office: httpx.AsyncClient) -> None:
        answer = await office.get("/v1/failing")
        assert answer.status_code == 500
        assert "secret detail" not in answer.text

    async def test_refuses_a_body_over_the_limit(self, office: httpx.AsyncClient) -> None:
        answer = await office.post("/v1/notes", json={"text": "x" * (1024 * 1024)})
        assert answer.status_code == 413
        assert answer.json()["code"] == "too_large"

    async def test_turns_a_broken_rule_of_the_database_into_a_conflict(self, office: httpx.AsyncClient) -> None:
        assert (await office.post("/v1/notes", json={"text": "one"})).status_code == 201
        again = await office.post("/v1/notes", json={"text": "one"})
        assert again.status_code == 409
        assert "INSERT" not in again.text


class TestWrongField:
    def test_is_named_by_a_validator_of_the_whole_shape(self) -> None:
        class Stay(BaseModel):
            to: int

            @model_validator(mode="after")
            def _in_order(self) -> Self:
                raise wrong_field("to", "dates", "Ends before it begins")

        class Stays(BaseModel):
            stays: list[Stay]

        with pytest.raises(ValidationError) as refused:
            Stays.model_validate({"stays": [{"to": 1}]})
        error = RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in refused.value.errors()])
        assert as_problem(error).errors == [
            {"pointer": "/stays/0/to", "code": "dates", "detail": "Ends before it begins"}
        ]
