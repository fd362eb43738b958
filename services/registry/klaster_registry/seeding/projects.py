"""Projects, documents and seats on advisory bodies of the demonstration: what the file says, as the API takes it."""

from collections.abc import Mapping
from typing import Any

from klaster_registry.seeding import bodies, files
from klaster_shared.seeding import Gateway, by_key, for_each

SOURCE = "demonstration"
Records = Mapping[str, Mapping[str, Any]]
"""Entities of the demonstration, by the reference that its files name them by."""


async def load_projects(gateway: Gateway, entities: Records) -> None:
    """Add the projects, documents and seats that are missing; organisations abroad are there already."""
    listed = files.projects()
    abroad = {record["source_key"]: record["id"] for record in await gateway.every("/v1/foreign-hqs", source="ror")}
    ids = {reference: record["id"] for reference, record in entities.items()}
    projects = [_project(item, ids, abroad) for item in listed["projects"]]
    await _load_missing(gateway, "/v1/projects", "projects added", projects)
    documents = [_document(item, ids) for item in listed["documents"]]
    await _load_missing(gateway, "/v1/documents", "documents added", documents)
    # One after the other: several are of one entity, whose record each of them writes anew.
    for seat in listed["seats"]:
        await _seat(gateway, seat, entities[seat["member"]])


def _project(item: bodies.Record, ids: Mapping[str, str], abroad: Mapping[str, str]) -> dict[str, Any]:
    first, last = item["days"]
    partners = [{"entity": ids[reference]} for reference in item["partners"]]
    partners[0]["role"] = "coordinator"
    return {
        **{name: item[name] for name in ("title", "kinds", "group", "fields")},
        **{name: item[name] for name in ("acronym", "results", "origin") if name in item},
        "partners": [
            *partners,
            *({"foreign_hq": abroad[ror]} for ror in item.get("abroad", ())),
            *item.get("others", ()),
        ],
        "starts_on": bodies.day(first),
        "ends_on": bodies.day(last) if last else None,
        "cancelled_on": bodies.day(item["cancelled"]) if "cancelled" in item else None,
        "value": _value(*item["value"]) if "value" in item else None,
        **_marked(item),
    }


def _value(amount: str, currency: str, in_pln: str | None = None, rate: str | None = None) -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "amount_pln": in_pln, "pln_rate_source": rate}


def _document(item: bodies.Record, ids: Mapping[str, str]) -> dict[str, Any]:
    return {
        **{name: item[name] for name in ("title", "kind", "fields", "year", "languages")},
        "group": item.get("group"),
        "entity": ids[item["author"]],
        "published_on": bodies.day(item["published"]),
        "in_force": bodies.period(item["in_force"]) if "in_force" in item else None,
        **_marked(item),
    }


def _marked(item: bodies.Record) -> dict[str, Any]:
    return {"source": SOURCE, "source_key": item["key"], "demonstration": True}


async def _seat(gateway: Gateway, seat: bodies.Record, entity: Mapping[str, Any]) -> None:
    if seat["body"] not in {one["code"] for one in entity["advisory_bodies"]}:
        body = {"entity": entity["id"], "from": bodies.day(seat["from"])}
        await gateway.post(f"/v1/advisory-bodies/{seat['body']}/members", body, counted="memberships added")


async def _load_missing(gateway: Gateway, path: str, counted: str, wanted: list[dict[str, Any]]) -> None:
    known = by_key(await gateway.every(path, source=SOURCE))
    missing = [body for body in wanted if (body["source"], body["source_key"]) not in known]
    await for_each(missing, lambda body: gateway.post(path, body, counted=counted))
