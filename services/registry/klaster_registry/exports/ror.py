"""Entities as records of the Research Organization Registry (schema 2.1). No queries here.

Whoever is written has a valid ROR id and a place of GeoNames. What the schema has no room for is left out: a relation
to somebody without a ROR id, a code of a subdivision that is no letters (its name is there), a language of three
letters. What GeoNames calls countries and subdivisions is in `places.json`, as records of ROR (CC0) have it; countries
that are not there are called as Unicode calls them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from pydantic_core import from_json

ADDRESS = "https://ror.org/"
SCHEMA_VERSION = "2.0"  # the newest that the published schema of 2.1 allows here
TYPES = ("education", "funder", "healthcare", "company", "archive", "nonprofit", "government", "facility", "other")
_EXTERNAL = ("fundref", "grid", "isni", "wikidata")
_RELATED = ("related", "parent", "child", "successor", "predecessor")
_LINKS = ("website", "wikipedia")
_ID = re.compile(r"0[a-z0-9]{8}")
_DOMAIN = re.compile(r"((?=[a-z0-9-]{1,63}\.)[a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,63}")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_ROLES = {"official": "label", "acronym": "acronym"}
_PLACES: Mapping[str, Mapping[str, str]] = from_json(resources.files(__package__).joinpath("places.json").read_bytes())
_CONTINENTS = {
    "AF": "Africa",
    "AN": "Antarctica",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}


@cache
def _countries() -> Mapping[str, str]:
    """Imported for the first export in this form: CLDR's words weigh three megabytes."""
    from babel import Locale

    return {**Locale("en").territories, **_PLACES["countries"]}


def ror_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """An entity as ROR writes it."""
    founded = record["founded_on"]
    return {
        "admin": {"created": _stamp(record["created_at"]), "last_modified": _stamp(record["updated_at"])},
        "domains": list(dict.fromkeys(_domains(record["links"]))),
        "established": int(founded[:4]) if founded else None,
        "external_ids": list(_external(record["identifiers"])),
        "id": ADDRESS + next(_valid_ids(record["identifiers"])),
        "links": _once({"type": one["type"], "value": one["url"]} for one in record["links"] if one["type"] in _LINKS),
        "locations": _once(_location(place) for place in _places(record)),
        "names": list(_names(record)),
        "relationships": _once(_relationships(record["relations"])),
        "status": record["existence"],
        "types": _types(record),
    }


def _stamp(instant: str) -> dict[str, str]:
    return {"date": instant[:10], "schema_version": SCHEMA_VERSION}


def _valid_ids(identifiers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    return (one["value"] for one in identifiers if one["scheme"] == "ror" and one["verdict"] == "valid")


def _domains(links: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for link in links:
        domain = link["url"].removeprefix("https://").lower() if link["type"] == "domain" else ""
        if _DOMAIN.fullmatch(domain):
            yield domain


def _external(identifiers: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """All of a scheme; which one its holder prefers is not kept, so none is said to be."""
    for scheme in _EXTERNAL:
        found = [one["value"] for one in identifiers if one["scheme"] == scheme]
        if found:
            yield {"type": scheme, "all": list(dict.fromkeys(found)), "preferred": None}


def _places(record: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield record["seat"]
    for branch in record["branches"]:
        if branch["geonames_id"] and branch["city"] and branch["to"] is None:
            yield branch


def _location(place: Mapping[str, Any]) -> dict[str, Any]:
    country, subdivision = place["country"], place["subdivision"] or ""
    continent = _PLACES["continents"].get(country)
    code = subdivision.partition("-")[2]
    details = {
        "name": place["city"],
        "lat": place["latitude"],
        "lng": place["longitude"],
        "continent_code": continent,
        "continent_name": _CONTINENTS.get(continent or ""),
        "country_code": country,
        "country_name": _countries().get(country) if country else None,
        "country_subdivision_code": code if _LETTERS.fullmatch(code) else None,
        "country_subdivision_name": _PLACES["subdivisions"].get(subdivision),
    }
    # What is not known is left out: the schema takes null for some of these, and not for others.
    known = {name: value for name, value in details.items() if value is not None}
    return {"geonames_id": place["geonames_id"], "geonames_details": known}


def _names(record: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Each name once, with all that it is; the one that lists show is the one that ROR shows."""
    kinds: dict[tuple[str, str | None], list[str]] = {}
    for name in record["names"]:
        lang = name["lang"] if name["lang"] and _LANGUAGE.fullmatch(name["lang"]) else None
        own = kinds.setdefault((name["value"], lang), [])
        if _shown(record) is name:
            own.insert(0, "ror_display")
        own.append(_ROLES.get(name["role"], "alias"))
    for (value, lang), found in kinds.items():
        yield {"value": value, "types": list(dict.fromkeys(found)), "lang": lang}


def _shown(record: Mapping[str, Any]) -> Any:
    return next((name for name in record["names"] if name["value"] == record["name"]), record["names"][0])


def _relationships(relations: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for one in relations:
        if one["kind"] in _RELATED and one["scheme"] == "ror" and _ID.fullmatch(one["value"] or ""):
            yield {"type": one["kind"], "id": ADDRESS + one["value"], "label": one["label"]}


def _types(record: Mapping[str, Any]) -> list[str]:
    held = {kind["code"] for kind in record["kinds"] if kind["to"] is None}
    return [kind for kind in TYPES if kind in held] or ["other"]


def _once(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found
