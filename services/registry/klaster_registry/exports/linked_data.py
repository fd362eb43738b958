"""Entities in the words of schema.org, as JSON-LD. No queries here."""

from collections.abc import Mapping
from typing import Any

CONTEXT: list[Any] = ["https://schema.org", {"position": "https://schema.org/position"}]
_PAGES = {
    "ror": "https://ror.org/{}",
    "wikidata": "https://www.wikidata.org/entity/{}",
    "isni": "https://isni.org/isni/{}",
    "grid": "https://www.grid.ac/institutes/{}",
}
# Identifiers for which schema.org has a word of its own, beside the list of all.
_WORDS = {"nip": "taxID", "eu_vat": "vatID", "lei": "leiCode"}
_RELATED = {"parent": "parentOrganization", "child": "subOrganization", "branch": "department"}


def organization_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """An entity as an Organization; what is not known is left out."""
    sites = [link["url"] for link in record["links"] if link["type"] == "website"]
    others = [link["url"] for link in record["links"] if link["type"] not in {"website", "domain"}]
    valid = [one for one in record["identifiers"] if one["verdict"] != "invalid"]
    pages = [_PAGES[one["scheme"]].format(one["value"].replace(" ", "")) for one in valid if one["scheme"] in _PAGES]
    told: dict[str, Any] = {
        "@type": "Organization",
        "@id": f"urn:uuid:{record['id']}",
        "identifier": [_property(one["scheme"], one["value"]) for one in record["identifiers"]],
        "name": record["name"],
        "alternateName": list(
            dict.fromkeys(name["value"] for name in record["names"] if name["value"] != record["name"])
        ),
        "url": sites[0] if sites else None,
        "sameAs": list(dict.fromkeys([*pages, *sites[1:], *others])),
        "foundingDate": record["founded_on"],
        "dissolutionDate": record["closed_on"],
        "address": _address(record["seat"]),
        "location": _location(record["seat"]),
        "dateModified": record["updated_at"],
    }
    if record["rbw_number"]:
        told["identifier"].append(_property("rbw", record["rbw_number"]))
    for one in valid:
        if one["scheme"] in _WORDS:
            told.setdefault(_WORDS[one["scheme"]], one["value"])
    for relation in record["relations"]:
        if relation["kind"] in _RELATED:
            told.setdefault(_RELATED[relation["kind"]], []).append(_other(relation))
    return {name: value for name, value in told.items() if value not in (None, [], {})}


def _property(scheme: str, value: str) -> dict[str, str]:
    return {"@type": "PropertyValue", "propertyID": scheme, "value": value}


def _address(seat: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if seat is None:
        return None
    told = {
        "streetAddress": seat["street"],
        "postalCode": seat["postal_code"],
        "addressLocality": seat["city"],
        "addressRegion": seat["subdivision"],
        "addressCountry": seat["country"],
    }
    known = {name: value for name, value in told.items() if value is not None}
    return {"@type": "PostalAddress", **known} if known else None


def _location(seat: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if seat is None or seat["latitude"] is None or seat["longitude"] is None:
        return None
    place = {"@type": "GeoCoordinates", "latitude": seat["latitude"], "longitude": seat["longitude"]}
    named = {"sameAs": f"https://sws.geonames.org/{seat['geonames_id']}/"} if seat["geonames_id"] else {}
    return {"@type": "Place", **named, "geo": place}


def _other(relation: Mapping[str, Any]) -> dict[str, Any]:
    told = {"@type": "Organization", "name": relation["label"]}
    if relation["entity"]:
        return {**told, "@id": f"urn:uuid:{relation['entity']}"}
    if relation["scheme"] in _PAGES and relation["value"]:
        return {**told, "@id": _PAGES[relation["scheme"]].format(relation["value"])}
    return told
