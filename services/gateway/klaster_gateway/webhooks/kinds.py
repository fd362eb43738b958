"""Kinds of change: `registry.entities.updated`; what a subscription asks for, and which changes that is."""

from collections.abc import Mapping
from typing import Protocol

from pydantic_core import to_json

from klaster_shared.changes import audiences_of
from klaster_shared.following import FeedChange

PATTERN = r"^(registry|indicators|events)(\.([a-z_]+|\*))?(\.(created|updated|deleted|merged|\*))?$"
PING = "klaster.ping"
FEED = "feed"  # the collection of news about a feed itself
RESET = "reset"
_EVENTS = ("events", "events")


class Wanted(Protocol):
    """What a subscription asks for."""

    types: list[str]
    entities: list[str]
    event_types: list[str]


def type_of(service: str, change: FeedChange) -> str:
    """The type of the message that tells of a change."""
    return f"{service}.{change.collection}.{change.kind}"


def matches(pattern: str, kind: str) -> bool:
    """Whether a pattern means a type: `registry` and `registry.*` mean all of it, `registry.labs` all about labs."""
    asked, found = pattern.split("."), kind.split(".")
    return all(part in {"*", there} for part, there in zip(asked, found, strict=False))


def asks_for(wanted: Wanted, service: str, change: FeedChange) -> bool:
    """Whether a subscription is about this change."""
    if change.collection == FEED:  # whoever follows anything of a service learns that its feed begins anew
        return any(matches(pattern, service) for pattern in wanted.types)
    kind = type_of(service, change)
    if not any(matches(pattern, kind) for pattern in wanted.types):
        return False
    return _is_about(wanted, change) and _is_of_type(wanted, service, change)


def _is_about(wanted: Wanted, change: FeedChange) -> bool:
    """Whether it concerns an entity asked for: its own record, or one that names it.

    What is gone no longer says whom it concerned: everybody who asked for the collection is told.
    """
    if not wanted.entities or (change.record is None and change.collection != "entities"):
        return True
    if change.id in wanted.entities or (change.merged_into and str(change.merged_into) in wanted.entities):
        return True
    text = to_json(change.record)
    return any(entity.encode() in text for entity in wanted.entities)


def _is_of_type(wanted: Wanted, service: str, change: FeedChange) -> bool:
    if not wanted.event_types or (service, change.collection) != _EVENTS or change.record is None:
        return True
    return change.record.get("type") in wanted.event_types


def may_see(role: str, audience: str) -> bool:
    """Whether a role is shown changes for an audience, as in the feed."""
    return audience in audiences_of(role)


def paths_of(contract: Mapping[str, Mapping[str, Mapping[str, Mapping[str, object]]]]) -> dict[tuple[str, str], str]:
    """Where the records of a collection are read: `/v1/labs/{}` for the registry's labs, from the contract."""
    found: dict[tuple[str, str], str] = {}
    for path, item in contract["paths"].items():
        *front, noun, last = path.split("/")
        if "get" in item and last.startswith("{") and last.endswith("}") and not any("{" in part for part in front):
            service = str(item["get"].get("x-klaster-service", ""))
            found.setdefault((service, noun.replace("-", "_")), "/".join([*front, noun, "{}"]))
    return found


def body_of(service: str, change: FeedChange, *, at: str, paths: Mapping[tuple[str, str], str], public_url: str) -> str:
    """The message: what changed, and where to read it; what it says now, the reader is told there, if they may know."""
    path = paths.get((service, change.collection)) if change.kind != "deleted" else None
    data = {
        "service": service,
        "collection": change.collection,
        "id": change.id,
        "kind": change.kind,
        "changed": change.changed,
        "position": str(change.position),
        "merged_into": change.merged_into,
        "url": f"{public_url}{path.format(change.id)}" if path is not None else None,
        "feed": f"{public_url}/v1/{service}/changes?after={max(change.position - 1, 0)}&limit=1",
    }
    return to_json({"type": type_of(service, change), "timestamp": at, "data": data}).decode()


def ping_body(webhook: str, *, at: str) -> str:
    """The message of a test."""
    return to_json({"type": PING, "timestamp": at, "data": {"webhook": webhook}}).decode()
