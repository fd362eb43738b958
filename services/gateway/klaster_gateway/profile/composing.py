"""What the sections of a profile ask."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from klaster_gateway.clients.neighbours import told
from klaster_gateway.composing.reader import Reader, link_to
from klaster_gateway.composing.schemas import Listed, Section
from klaster_gateway.composing.sections import beside, listed, main_part, section
from klaster_gateway.profile.schemas import Counted, Labels, Profile
from klaster_shared.errors import Problem

SHOWN = 10
Record = Mapping[str, Any]
# Section, service, path, scope, the parameter that names the organisation, and what else is asked.
_LISTS: tuple[tuple[str, str, str, str, str, dict[str, Any]], ...] = (
    ("projects", "registry", "/v1/projects", "projects:read", "entity", {}),
    ("labs", "registry", "/v1/labs", "labs:read", "owner", {}),
    ("lab_services", "registry", "/v1/lab-services", "lab-services:read", "owner", {}),
    ("data_repositories", "registry", "/v1/data-repositories", "data-repositories:read", "operator", {}),
    ("documents", "registry", "/v1/documents", "documents:read", "entity", {}),
    ("foreign_partners", "registry", "/v1/foreign-hqs", "foreign-hqs:read", "entity", {}),
    ("events", "events", "/v1/events", "events:read", "organiser", {"sort": "-starts_at"}),
    ("offers", "events", "/v1/lsos/board", "board:read", "owner", {"open": "true"}),
    ("plan_items", "indicators", "/v1/plan-items", "plan-items:read", "entity", {}),
)
# Taxonomy, and the codes of it that a record names: plainly, or with from and to.
_TAXONOMIES = (
    ("interest_groups", "/v1/interest-groups", "taxonomies:read"),
    ("fields", "/v1/fields", "taxonomies:read"),
    ("sectors", "/v1/sectors", "taxonomies:read"),
    ("groups", "/v1/groups", "groups:read"),
    ("networks", "/v1/networks", "groups:read"),
)


async def compose_profile(reader: Reader, *, reference: str) -> Profile:
    """Everything at once where the reference is an id, else once it is known; raises what keeps the record away.

    Of one that was merged into another: 308, to the profile of the one that is left.
    """
    path = f"/v1/entities/{quote(reference, safe=':')}"
    asked = main_part(reader.get("registry", path, scope="entities:read"), service="registry")
    entity: asyncio.Task[Record] = asyncio.create_task(_entity(asked))
    known = _id(reference) or UUID((await entity)["id"])
    names = ["labels", "relations", "people", "attendance", *(each[0] for each in _LISTS)]
    fixed = [_labels(reader, entity, path), _relations(reader, known), _people(reader, known)]
    sections = [*fixed, _attendance(reader, known), *(_list(reader, known, *each[1:]) for each in _LISTS)]
    found = dict(zip(names, await beside(entity, sections), strict=True))
    attendance = found.pop("attendance")
    return Profile.model_validate(
        {"entity": entity.result(), "attendance": attendance if reader.is_office else None, **found}
    )


async def _entity(asked: Any) -> Record:
    try:
        found: Record = await asked
    except Problem as problem:
        location = problem.headers.get("Location")
        if problem.status != 308 or location is None:
            raise
        target = f"{location}/profile"
        raise told(problem, headers={"Location": target}, location=target) from problem
    return found


def _id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


async def _list(
    reader: Reader, entity: UUID, service: str, path: str, scope: str, parameter: str, more: dict[str, Any]
) -> Section[Any]:
    asked = {parameter: entity, **more}

    async def ask() -> Listed[Any]:
        return listed(await reader.get(service, path, scope=scope, **asked, limit=SHOWN, count="true"))

    return await section(ask(), service=service, link=link_to(path, **asked))


async def _labels(reader: Reader, entity: "asyncio.Task[Record]", link: str) -> Section[Any]:
    async def ask() -> Labels:
        record = await asyncio.shield(entity)
        terms = await asyncio.gather(
            *(_terms(reader, path, scope, _codes(record[name])) for name, path, scope in _TAXONOMIES)
        )
        return Labels.model_validate(dict(zip((name for name, *_ in _TAXONOMIES), terms, strict=True)))

    return await section(ask(), service="registry", link=link)


async def _terms(reader: Reader, path: str, scope: str, codes: Sequence[str]) -> list[Any]:
    if not codes:
        return []
    return listed(await reader.get("registry", path, scope=scope, code=codes, limit=100)).items


def _codes(named: Sequence[Any]) -> list[str]:
    return list(dict.fromkeys(one["code"] if isinstance(one, dict) else one for one in named))[:100]


async def _relations(reader: Reader, entity: UUID) -> Section[Any]:
    path = f"/v1/entities/{entity}/relations"

    async def ask() -> Listed[Any]:
        return listed(await reader.get("registry", path, scope="entities:read", limit=SHOWN, count="true"))

    return await section(ask(), service="registry", link=path)


async def _people(reader: Reader, entity: UUID) -> Section[Any]:
    asked = reader.get("registry", "/v1/people", scope="people:read", entity=entity, limit=1, count="true")
    return await section(_total(asked), service="registry", link=link_to("/v1/people", entity=entity))


async def _attendance(reader: Reader, entity: UUID) -> Section[Any]:
    link = link_to("/v1/participations", entity=entity)
    if not reader.is_office:
        return Section[Any](content=None, problem=None, link=link)
    asked = reader.get("events", "/v1/participations", scope="attendance:read", entity=entity, limit=1, count="true")
    return await section(_total(asked), service="events", link=link)


async def _total(asked: Any) -> Counted:
    return Counted(total=(await asked)["total"])
