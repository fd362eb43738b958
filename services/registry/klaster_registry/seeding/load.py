"""Loading and clearing the demonstration: only what is missing is written, so a second run changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from klaster_registry.seeding import bodies, files
from klaster_registry.seeding.importing import import_entities
from klaster_registry.seeding.laboratories import load_laboratories
from klaster_registry.seeding.people import load_people
from klaster_registry.seeding.projects import load_projects
from klaster_registry.seeding.surveys import clear_surveys, load_surveys
from klaster_shared.seeding import Gateway, by_key, for_each

_TAXONOMIES = {
    "interest_groups": "/v1/interest-groups",
    "fields": "/v1/fields",
    "sectors": "/v1/sectors",
    "markets": "/v1/markets",
    "kinds": "/v1/kinds",
    "groups": "/v1/groups",
    "networks": "/v1/networks",
    "advisory_bodies": "/v1/advisory-bodies",
    "project_kinds": "/v1/project-kinds",
    "document_kinds": "/v1/document-kinds",
    "person_roles": "/v1/person-roles",
    "consent_purposes": "/v1/consent-purposes",
    "survey_questions": "/v1/survey-questions",
}
_APPLIED_BEFORE = timedelta(days=28)  # plausible: nobody is registered on the day of the application
Record = Mapping[str, Any]
Known = Mapping[tuple[str, str], Record]


async def load_taxonomies(gateway: Gateway) -> None:
    """Add the codes that are missing; those that an office has changed are left as they are."""
    for name, terms in files.taxonomies().items():
        path = _TAXONOMIES[name]
        known = {term["code"] for term in await gateway.every(path)}
        for position, term in enumerate(terms):
            if term["code"] not in known:
                await gateway.post(path, {**term, "position": position}, counted="codes added")


async def load_organisations(gateway: Gateway) -> None:
    """Add the organisations and the register: what other services' demonstrations name."""
    listed = files.demonstration()["entities"]
    life = _life(listed, await _load_entities(gateway, listed, files.ror_records()))
    await for_each(life, lambda one: _apply(gateway, *one))
    # One after the other: numbers of the register rise with the day of registration.
    for item, record in sorted(life, key=lambda one: one[0]["registered"]):
        await _register(gateway, item, record)
    # Who has left the register is nobody's partner elsewhere.
    await for_each([one for one in life if "left" in one[0]], lambda one: _live(gateway, *one))


async def load_belongings(gateway: Gateway) -> None:
    """Add the rest of the organisations' life, and everything that names them."""
    demonstration = files.demonstration()
    known = by_key(await gateway.every("/v1/entities", demonstration="true"))
    life = _life(demonstration["entities"], known)
    await for_each(life, lambda one: _live(gateway, *one))
    ids = {_reference(item): record["id"] for item, record in life}
    await load_laboratories(gateway, demonstration["labs"], ids)
    repositories = [
        bodies.data_repository(item, ids.get(item.get("operator", ""))) for item in demonstration["data_repositories"]
    ]
    await _load_missing(gateway, "/v1/data-repositories", "data repositories added", repositories)
    abroad = [bodies.foreign_hq(item) for item in demonstration["foreign_hqs"]]
    await _load_missing(gateway, "/v1/foreign-hqs", "organisations abroad added", abroad)
    await load_projects(gateway, {_reference(item): record for item, record in life})
    await load_people(gateway, ids)
    await load_surveys(gateway, ids)


def _life(listed: Sequence[Record], known: Known) -> list[tuple[Record, Record]]:
    return [(item, known[bodies.natural_key(item)]) for item in listed]


async def clear_demonstration(gateway: Gateway) -> None:
    """Delete every demonstration row; taxonomies are no demonstration and stay."""
    # What names others goes first: entities go last.
    await clear_surveys(gateway)
    for path, counted in (
        ("/v1/people", "people deleted"),
        ("/v1/lab-services", "laboratory services deleted"),
        ("/v1/projects", "projects deleted"),
        ("/v1/documents", "documents deleted"),
        ("/v1/labs", "laboratories deleted"),
        ("/v1/data-repositories", "data repositories deleted"),
        ("/v1/foreign-hqs", "organisations abroad deleted"),
        ("/v1/entities", "entities deleted"),
    ):
        rows = [f"{path}/{row['id']}" for row in await gateway.every(path, demonstration="true")]
        await for_each(rows, lambda row, counted=counted: gateway.delete(row, counted=counted))  # type: ignore[misc]


async def _load_entities(gateway: Gateway, listed: list[dict[str, Any]], records: dict[str, dict[str, Any]]) -> Known:
    subdivisions = bodies.known_subdivisions(records.values())
    on_list = {item["ror"]: item for item in listed if "ror" in item}
    wanted = [bodies.ror_entity(record, subdivisions, on_list.get(ror)) for ror, record in records.items()]
    wanted += [bodies.listed_entity(item) for item in listed if "key" in item]
    known = by_key(await gateway.every("/v1/entities"))
    if missing := [body for body in wanted if (body["source"], body["source_key"]) not in known]:
        await import_entities(gateway, missing)
        known = by_key(await gateway.every("/v1/entities"))
    return known


async def _live(gateway: Gateway, item: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """Groups, networks, cooperation, partnership, departure: what is missing, in this order."""
    await _join(gateway, item, record)
    path = f"/v1/entities/{record['id']}"
    for name, collection in (("cooperation", "cooperations"), ("partnership", "partnerships")):
        if name in item and bodies.day(item[name][0]) not in [one["from"] for one in record[collection]]:
            await gateway.post(f"{path}/{collection}", bodies.period(item[name]), counted=f"{collection} added")
    if "left" in item and not _was(record, "left"):
        await gateway.post(f"{path}/leave", {"on": bodies.day(item["left"])}, counted="departures noted")


async def _apply(gateway: Gateway, item: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    if not record["registrations"]:
        applied = bodies.day(item["registered"] - _APPLIED_BEFORE)
        await gateway.post(f"/v1/entities/{record['id']}/apply", {"on": applied}, counted="applications noted")


async def _register(gateway: Gateway, item: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    if not _was(record, "registered"):
        on = bodies.day(item["registered"])
        await gateway.post(f"/v1/entities/{record['id']}/register", {"on": on}, counted="registrations noted")


async def _join(gateway: Gateway, item: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    for name, collection in (("sigs", "groups"), ("networks", "networks")):
        inside = {one["code"] for one in record[collection]}
        for code, since in item.get(name, {}).items():
            if code not in inside:
                body = {"entity": record["id"], "from": bodies.day(since)}
                await gateway.post(f"/v1/{collection}/{code}/members", body, counted="memberships added")


def _was(record: Mapping[str, Any], state: str) -> bool:
    return any(one["state"] == state for one in record["registrations"])


def _reference(item: Mapping[str, Any]) -> str:
    return f"ror:{item['ror']}" if "ror" in item else str(item["key"])


async def _load_missing(gateway: Gateway, path: str, counted: str, wanted: list[dict[str, Any]]) -> None:
    known = by_key(await gateway.every(path))
    missing = [body for body in wanted if (body["source"], body["source_key"]) not in known]
    await for_each(missing, lambda body: gateway.post(path, body, counted=counted))
