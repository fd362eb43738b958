"""People of the demonstration: what the file says, as the API takes it."""

from collections.abc import Mapping
from typing import Any

from klaster_registry.seeding import bodies, files
from klaster_shared.seeding import Gateway, by_key, for_each

SOURCE = "demonstration"
_BODY = "body:"


async def load_people(gateway: Gateway, ids: Mapping[str, str]) -> None:
    """Add the people who are missing; `ids` are those of the entities they have roles in."""
    known = by_key(await gateway.every("/v1/people", source=SOURCE))
    missing = [item for item in files.people()["people"] if (SOURCE, item["key"]) not in known]
    await for_each(missing, lambda item: gateway.post("/v1/people", _person(item, ids), counted="people added"))


def _person(item: bodies.Record, ids: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": item["name"],
        "title": item.get("title"),
        "email": f"{item['key']}@example.org",
        "roles": [_role(item["function"], ids, *role) for role in item["roles"]],
        "consents": [
            {"purpose": purpose, "given_on": bodies.day(since), "evidence": "Dane pokazowe"}
            for purpose, since in item.get("consents", {}).items()
        ],
        "source": SOURCE,
        "source_key": item["key"],
        "demonstration": True,
    }


def _role(function: Any, ids: Mapping[str, str], place: str, role: str, *days: Any) -> dict[str, Any]:
    where = {"body": place.removeprefix(_BODY)} if place.startswith(_BODY) else {"entity": ids[place]}
    return {**where, "role": role, "function": function, **bodies.period(list(days))}
