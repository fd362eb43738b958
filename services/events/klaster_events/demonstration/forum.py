"""The demonstration's forum: an event to come with an edition, tables and participants; what is missing is made."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from klaster_events.demonstration.meetings import load_meetings
from klaster_events.demonstration.people import Invented
from klaster_events.demonstration.plan import ZONE
from klaster_shared.seeding import Gateway, for_each

_TWICE = 2


@cache
def forum_plan() -> dict[str, Any]:
    """What the forum is made of."""
    text = Path(__file__).with_name("forum.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


async def load_forum(
    gateway: Gateway, *, source: str, organiser: str, people: Sequence[tuple[Invented, str | None]], now: datetime
) -> None:
    """Add the forum while it is to come, with people who let themselves be asked."""
    asked = forum_plan()
    if datetime.fromisoformat(asked["days"]["starts_at"]) <= now:
        return
    known = await gateway.every("/v1/events", source=source, source_key=asked["key"])
    event = known[0] if known else await gateway.post("/v1/events", _event(source, organiser), counted="events added")
    path = await _load_edition(gateway, event["id"])
    await _load_participants(gateway, event["id"], path, people)
    await load_meetings(gateway, path)


async def _load_edition(gateway: Gateway, event_id: str) -> str:
    known = await gateway.every("/v1/lsos/editions", event=event_id)
    said = {**forum_plan()["edition"], "event": event_id}
    edition = known[0] if known else await gateway.post("/v1/lsos/editions", said, counted="editions added")
    path = f"/v1/lsos/editions/{edition['id']}"
    if not await gateway.every(f"{path}/tables"):
        await gateway.post(f"{path}/tables", {"tables": _tables()}, counted="sets of tables laid")
    if edition["state"] == "draft":
        await gateway.take_step(f"{path}/open", counted="editions opened")
    return path


async def clear_forums(gateway: Gateway) -> None:
    """Delete the demonstration's editions, with all who took part."""
    editions = await gateway.every("/v1/lsos/editions", demonstration="true")
    await for_each(editions, lambda one: gateway.delete(f"/v1/lsos/editions/{one['id']}", counted="editions deleted"))


def _event(source: str, organiser: str) -> dict[str, Any]:
    asked = forum_plan()
    said = {"type": "lsos", "organiser": organiser, "path": "community", "languages": ["pl", "en"], "zone": ZONE}
    marked = {"state": "published", "demonstration": True, "source": source, "source_key": asked["key"]}
    return {**said, **asked["days"], **{name: asked[name] for name in ("title", "place", "capacity")}, **marked}


def _tables() -> list[dict[str, Any]]:
    asked = forum_plan()["tables"]
    rooms = asked["rooms"]
    laid = [{"code": f"T{number + 1:02}", "room": rooms[number % len(rooms)]} for number in range(asked["count"])]
    url = "https://meet.example.org/forum-{}"  # a domain that belongs to nobody
    far = [
        {"code": f"O{number + 1:02}", "online": True, "online_url": url.format(number + 1)}
        for number in range(asked["online"])
    ]
    return [*laid, *far]


async def _load_participants(
    gateway: Gateway, event_id: str, path: str, people: Sequence[tuple[Invented, str | None]]
) -> None:
    profiles = forum_plan()["profiles"] * _TWICE
    known = {one["own"]["registration_id"] for one in await gateway.every(f"{path}/participants")}
    if len(known) >= len(profiles):
        return
    coming = people[: len(profiles)]
    group = [{"name": one.name, "email": one.email, "entity_id": entity} for one, entity in coming]
    told = await gateway.post(
        f"/v1/events/{event_id}/registrations/group", {"people": group}, counted="groups registered"
    )
    for row, profile in zip(told["items"], profiles, strict=True):  # in this order on every run
        if row["id"] not in known:
            said = {"registration": row["id"], **profile}
            await gateway.post(f"{path}/participants", said, counted="participants added")
