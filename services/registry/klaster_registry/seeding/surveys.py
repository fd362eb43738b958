"""Surveys of the demonstration: what the file says, as the API takes it; one request an entity and year."""

from collections.abc import Iterator, Mapping
from typing import Any

from klaster_registry.seeding import files
from klaster_shared.seeding import Gateway, for_each

_EVIDENCE = "Dane pokazowe, wymyślone"
Answer = tuple[int, str, dict[str, Any]]


async def load_surveys(gateway: Gateway, ids: Mapping[str, str]) -> None:
    """Add the surveys and answers that are missing; `ids` are those of the entities that answer."""
    listed = files.surveys()
    known = {row["year"] for row in await gateway.every("/v1/surveys")}
    for year in listed["years"]:
        if year not in known:
            body = {"year": year, "state": "closed", "deadline": f"{year + 1}-03-31", "demonstration": True}
            await gateway.post("/v1/surveys", body, counted="surveys added")
    answered = {
        (year, row["entity"]["id"])
        for year in listed["years"]
        for row in await gateway.every(f"/v1/surveys/{year}/answers")
    }
    missing = [answer for answer in _answers(listed, ids) if answer[:2] not in answered]
    await for_each(missing, lambda answer: _put(gateway, *answer))


async def clear_surveys(gateway: Gateway) -> None:
    """Delete the demonstration's answers, and its surveys that nobody else answered."""
    for survey in await gateway.every("/v1/surveys", demonstration="true"):
        path = f"/v1/surveys/{survey['year']}"
        rows = await gateway.every(f"{path}/answers")
        marked = [f"{path}/answers/{row['entity']['id']}" for row in rows if row["demonstration"]]
        await for_each(marked, lambda row: gateway.delete(row, counted="survey answers deleted"))
        if len(marked) == len(rows):
            await gateway.delete(path, counted="surveys deleted")


def _answers(listed: Mapping[str, Any], ids: Mapping[str, str]) -> Iterator[Answer]:
    questions = listed["questions"]
    for reference, years in listed["answers"].items():
        for year, values in zip(listed["years"], years, strict=True):
            if values is not None:
                yield year, ids[reference], _body(questions, values, "verified")
    for reference, item in listed["waiting"].items():
        yield listed["years"][-1], ids[reference], _body(questions, item["values"], item["state"])


def _body(questions: list[str], values: list[Any], state: str) -> dict[str, Any]:
    stated = dict(zip(questions, values, strict=True))
    return {"values": stated, "state": state, "evidence": _EVIDENCE, "demonstration": True}


async def _put(gateway: Gateway, year: int, entity: str, body: Mapping[str, Any]) -> None:
    await gateway.put(f"/v1/surveys/{year}/answers/{entity}", body, counted="survey answers added")
