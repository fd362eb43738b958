"""The feed of new events (RFC 4287): pure, from what is handed in."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring
from zoneinfo import ZoneInfo

from klaster_events.calendars.languages import OneLanguage
from klaster_events.calendars.operations import Described
from klaster_events.events.models import Event

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what no XML document may hold
_TITLE = ("Nowe wydarzenia klastra", "New events of the cluster")
_NOBODY = ("Klaster", "The cluster")  # an author there must be, also where the organiser is not named yet
_STATES = {"postponed": ("Przełożone", "Postponed"), "cancelled": ("Odwołane", "Cancelled")}
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # a feed without entries was never updated, but has to say when

register_namespace("", _ATOM)


def feed_of(found: Sequence[Described], *, language: OneLanguage, public_url: str, query: str) -> bytes:
    """The feed of these events, the newest first; `query`: what was asked for, as it stands in its own link."""
    at = 0 if language == "pl" else 1
    own = f"{public_url}/v1/events.atom" + (f"?{query}" if query else "")
    feed = Element(f"{{{_ATOM}}}feed", {_XML_LANG: language})
    _add(feed, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, own)}")
    _add(feed, "title", _TITLE[at])
    _add(feed, "updated", _written(max((one.event.updated_at for one in found), default=_BEGINNING)))
    _add(feed, "link", rel="self", type=MEDIA_TYPE, href=own)
    _add(feed, "link", rel="alternate", type="application/json", href=f"{public_url}/v1/events")
    _add(SubElement(feed, f"{{{_ATOM}}}author"), "name", _NOBODY[at])
    for one in found:
        _add_entry(feed, one, at, public_url)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _add_entry(feed: Element, described: Described, at: int, public_url: str) -> None:
    event, entry = described.event, SubElement(feed, f"{{{_ATOM}}}entry")
    title, page = (event.title_pl, event.title_en)[at], f"{public_url}/v1/events/{event.id}"
    state = _STATES.get(event.state)
    _add(entry, "id", f"urn:uuid:{event.id}")
    _add(entry, "title", f"{state[at]}: {title}" if state else title)
    _add(entry, "updated", _written(event.updated_at))
    _add(entry, "published", _written(event.published_at or event.created_at))
    _add(entry, "link", rel="alternate", type="application/json", href=page)
    _add(entry, "link", rel="related", type="text/calendar", href=f"{page}.ics")
    _add(SubElement(entry, f"{{{_ATOM}}}author"), "name", described.organisers.first["name"] or _NOBODY[at])
    _add(entry, "category", term=event.type, label=described.type[at])
    if described.series and event.series:
        _add(entry, "category", term=event.series, label=described.series[at])
    _add(entry, "summary", _summary(event, at))


def _summary(event: Event, at: int) -> str:
    """When, where, and what about: plain text."""
    zone = ZoneInfo(event.zone)
    begins, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    until = f"{ends:%H:%M}" if begins.date() == ends.date() else f"{ends:%Y-%m-%d %H:%M}"
    where = event.place or ("Online" if event.online else None)
    about = (event.description_pl, event.description_en)[at]
    first = ", ".join(part for part in (f"{begins:%Y-%m-%d %H:%M}-{until} ({event.zone})", where) if part)
    return "\n\n".join(part for part in (first, about) if part)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> None:
    child = SubElement(
        parent, f"{{{_ATOM}}}{name}", {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    )
    child.text = None if text is None else _NOT_XML.sub("", text)
