"""Loading and clearing the demonstration: only what is missing is written, so a second run changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

from klaster_events.demonstration.board import PlannedPost, interest_message, plan_board
from klaster_events.demonstration.forum import clear_forums, load_forum
from klaster_events.demonstration.people import Invented, invent_people
from klaster_events.demonstration.plan import YEARS, ZONE, Planned, PlannedSession, Planner, programme
from klaster_events.demonstration.sharing import clear_sharing, load_sharing
from klaster_shared.seeding import Gateway, SeedError, batched, by_key, for_each

SOURCE = "demonstration"
_NAMES_SEED = 20061020
_LAST_CALL = timedelta(hours=1)  # nobody registers for what begins while this runs
# A batch is one transaction, and other writers wait for it: a fifth of a second.
_EVENTS = 25
_SHEETS = 10
Ids = Mapping[str, str]
Record = Mapping[str, Any]
Records = Mapping[tuple[str, str], Record]


async def load_types(gateway: Gateway) -> None:
    """Add the types that are missing; those that an office has changed are left as they are."""
    known = {event_type["code"] for event_type in await gateway.every("/v1/event-types")}
    for event_type in programme()["types"]:
        if event_type["code"] not in known:
            await gateway.post("/v1/event-types", event_type, counted="types added")


async def load_post_kinds(gateway: Gateway) -> None:
    """Add the kinds of posts that are missing; those that an office has changed are left as they are."""
    known = {kind["code"] for kind in await gateway.every("/v1/lsos/post-kinds")}
    for kind in programme()["post_kinds"]:
        if kind["code"] not in known:
            await gateway.post("/v1/lsos/post-kinds", kind, counted="kinds of posts added")


async def load_consents(gateway: Gateway) -> None:
    """Add the purposes of consent that are missing; those that an office has changed or retired stay as they are."""
    pages = [await gateway.every("/v1/consent-texts", retired=retired) for retired in ("false", "true")]
    known = {text["purpose"] for page in pages for text in page}
    for text in programme()["consents"]:
        if text["purpose"] not in known:
            await gateway.post("/v1/consent-texts", text, counted="consents added")


async def load_demonstration(gateway: Gateway, *, now: datetime, years: range = YEARS) -> None:
    """Add series, events and posts of these years; what has ended comes in as completed, with the people who came."""
    entities = await _entities(gateway)
    ids = {key: entity["id"] for key, entity in entities.items()}
    startups = sorted(key for key, entity in entities.items() if entity["startup"])
    people = invent_people(
        given=programme()["given_names"],
        family=programme()["family_names"],
        startups=startups,
        others=sorted(set(entities) - set(startups)),
        random=Random(_NAMES_SEED),  # noqa: S311 # the same people on every run
    )
    await _load_series(gateway)
    plan = [event for event in Planner(startups=len(startups)).plan() if event.starts_at.year in years]
    records = await _load_events(gateway, plan, ids, now)
    await _load_sheets(gateway, plan, records, ids, people, now)
    await _load_registrations(gateway, plan, records, ids, people, now)
    await _load_board(gateway, [post for post in plan_board() if post.posted_at.year in years], ids, people, now)
    known_from = [(person, _entity(person, ids)) for person in people]
    organiser = ids[programme()["coordinator"]]
    if years[-1] == YEARS[-1]:
        await load_forum(gateway, source=SOURCE, organiser=organiser, people=known_from, now=now)
    await load_sharing(gateway, ids=ids, people=people, now=now, years=years)


async def clear_demonstration(gateway: Gateway) -> None:
    """Delete every demonstration row; types and kinds are the office's and stay."""
    await clear_sharing(gateway)
    posts = await gateway.every("/v1/lsos/board", demonstration="true")
    await for_each(posts, lambda post: gateway.delete(f"/v1/lsos/board/{post['id']}", counted="posts deleted"))
    await clear_forums(gateway)
    events = await gateway.every("/v1/events", demonstration="true")
    await for_each(events, lambda event: gateway.delete(f"/v1/events/{event['id']}", counted="events deleted"))
    series = await gateway.every("/v1/series", demonstration="true")
    await for_each(series, lambda one: gateway.delete(f"/v1/series/{one['code']}", counted="series deleted"))


async def _entities(gateway: Gateway) -> dict[str, dict[str, Any]]:
    """The registry's demonstration, by the keys that the programme uses."""
    found = await gateway.every("/v1/entities", demonstration="true", registration="registered")
    keyed = {
        f"ror:{entity['source_key']}" if entity["source"] == "ror" else entity["source_key"]: entity for entity in found
    }
    missing = {programme()["coordinator"], *programme()["partners"]} - keyed.keys()
    if missing:
        raise SeedError(f"the registry has no {', '.join(sorted(missing))}: its demonstration comes first")
    return keyed


async def _load_series(gateway: Gateway) -> None:
    known = {series["code"] for series in await gateway.every("/v1/series")}
    for series in programme()["series"]:
        if series["code"] not in known:
            await gateway.post("/v1/series", _series_body(series), counted="series added")


def _series_body(series: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": series["code"],
        "name": series["name"],
        "counts_as": series["counts_as"],
        "starts_on": f"{series['since']}-01-01",
        "ends_on": f"{series['until']}-12-31" if "until" in series else None,
        "demonstration": True,
    }


async def _load_events(gateway: Gateway, plan: Sequence[Planned], ids: Ids, now: datetime) -> Records:
    """Add the events that are missing, and bring those that are there up to the day; all of them by their keys."""
    known = by_key(await gateway.every("/v1/events", source=SOURCE))
    missing = [event for event in plan if (SOURCE, event.key) not in known]
    there = [(event, known[SOURCE, event.key]) for event in plan if (SOURCE, event.key) in known]
    await for_each(there, lambda pair: _bring_up(gateway, *pair, now))
    await for_each(batched(missing, _EVENTS), lambda some: _add(gateway, some, ids, now))
    return by_key(await gateway.every("/v1/events", source=SOURCE)) if missing else known


async def _bring_up(gateway: Gateway, event: Planned, record: Record, now: datetime) -> None:
    if event.ends_at <= now and record["state"] == "published":
        await gateway.post(f"/v1/events/{record['id']}/complete", {}, counted="events completed")
    await _load_agenda(gateway, record["id"], event.agenda)


async def _add(gateway: Gateway, events: Sequence[Planned], ids: Ids, now: datetime) -> None:
    items = [_event_body(event, ids, "completed" if event.ends_at <= now else "published") for event in events]
    await gateway.post("/v1/events/batch", {"items": items}, counted="events added", count=len(items))
    if sessions := sum(len(event.agenda) for event in events):
        gateway.done["sessions added"] += sessions


async def _load_sheets(
    gateway: Gateway, plan: Sequence[Planned], records: Records, ids: Ids, people: Sequence[Invented], now: datetime
) -> None:
    """Record who came to what is over, where nobody has."""
    sheets = []
    for event in plan:
        record = records[SOURCE, event.key]
        if event.ends_at <= now and record["state"] != "cancelled" and not record["present"] and event.people:
            lines = [_line(people[number], ids) for number in event.people]
            sheets.append({"event_id": record["id"], "people": lines})

    async def record_some(some: Sequence[dict[str, Any]]) -> None:
        body = {"items": some}
        await gateway.post("/v1/events/attendance/batch", body, counted="sheets recorded", count=len(some))

    await for_each(batched(sheets, _SHEETS), record_some)


async def _load_registrations(
    gateway: Gateway, plan: Sequence[Planned], records: Records, ids: Ids, people: Sequence[Invented], now: datetime
) -> None:
    """Register people for what is to come, where nobody is registered."""

    async def load(event: Planned) -> None:
        record = records[SOURCE, event.key]
        if record["state"] == "published" and not record["seats"]["confirmed"]:
            await _register(gateway, record["id"], [people[number] for number in event.people], ids)

    await for_each([event for event in plan if event.starts_at > now + _LAST_CALL], load)


async def _load_agenda(gateway: Gateway, event_id: str, agenda: Sequence[PlannedSession]) -> None:
    if not agenda:
        return
    path = f"/v1/events/{event_id}/sessions"
    known = {one["title"]["en"] for one in await gateway.every(path, lang="all")}
    for one in agenda:
        if one.title["en"] not in known:
            await gateway.post(path, _session_body(one), counted="sessions added")


def _session_body(one: PlannedSession) -> dict[str, Any]:
    times = {"starts_at": one.starts_at.isoformat(), "ends_at": one.ends_at.isoformat()}
    said = {"title": one.title, "room": one.room, "capacity": one.capacity}
    return {**said, **times, "speakers": [{"name": one.speaker}]}


async def _register(gateway: Gateway, event_id: str, who: Sequence[Invented], ids: Ids) -> None:
    for person in who:
        body = {"name": person.name, "email": person.email, "entity_id": _entity(person, ids)}
        await gateway.post(f"/v1/events/{event_id}/registrations", body, counted="people registered")


async def _load_board(
    gateway: Gateway, posts: Sequence[PlannedPost], ids: Ids, people: Sequence[Invented], now: datetime
) -> None:
    known = by_key(await gateway.every("/v1/lsos/board", source=SOURCE))
    missing = [post for post in posts if (SOURCE, post.key) not in known and post.posted_at <= now]

    async def load(post: PlannedPost) -> None:
        person = people[post.person % len(people)]
        over = post.valid_until < now.date()
        said = {
            **post.said,
            "owner": ids[post.owner],
            "contact": {"name": person.name, "email": person.email},
            "posted_at": post.posted_at.isoformat(),
            "valid_until": post.valid_until.isoformat(),
            "state": "closed" if over else "published",
            "demonstration": True,
            "source": SOURCE,
            "source_key": post.key,
        }
        await gateway.post("/v1/lsos/board", said, counted="posts added")

    await for_each(missing, load)
    await _load_interests(gateway, ids, people)


async def _load_interests(gateway: Gateway, ids: Ids, people: Sequence[Invented]) -> None:
    """One open post in three finds interest, of the partner whose turn it is."""
    known = {one["post"]["id"] for one in await gateway.every("/v1/lsos/interests", demonstration="true")}
    posts = await gateway.every("/v1/lsos/board", source=SOURCE, open="true", sort="posted_at")
    partners = programme()["partners"]
    for number, post in enumerate(posts[::3]):
        asker, person = ids[partners[number % len(partners)]], people[-1 - number % len(partners)]
        if post["id"] not in known and post["owner"]["id"] != asker:
            contact = {"name": person.name, "email": person.email}
            said = {"entity": asker, "contact": contact, "message": interest_message(), "agrees": True}
            await gateway.post(f"/v1/lsos/board/{post['id']}/interests", said, counted="interests shown")


def _event_body(event: Planned, ids: Ids, state: str) -> dict[str, Any]:
    body = {name: value for name, value in asdict(event).items() if name not in {"key", "people", "agenda"}}
    agenda = [_session_body(one) for one in event.agenda]
    times = {"starts_at": event.starts_at.isoformat(), "ends_at": event.ends_at.isoformat(), "zone": ZONE}
    marked = {"state": state, "demonstration": True, "source": SOURCE, "source_key": event.key}
    together = [ids[partner] for partner in event.co_organisers]
    return {**body, **times, **marked, "organiser": ids[event.organiser], "co_organisers": together, "agenda": agenda}


def _line(person: Invented, ids: Ids) -> dict[str, Any]:
    return {"person": {"name": person.name, "email": person.email}, "entity_id": _entity(person, ids)}


def _entity(person: Invented, ids: Ids) -> str | None:
    return ids[person.entity] if person.entity else None
