"""What the files say, as the API takes it. No requests here."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from klaster_registry.loading.ror import names_of

STRATEGY = "strategy-2022"
REGION = "PL-12"  # the cluster's own: where an organisation of the list names no other subdivision
Record = Mapping[str, Any]


def known_subdivisions(records: Iterable[Record]) -> dict[int, str]:
    """Subdivisions by GeoNames place: a third of the records lack theirs, and mostly another of the place has it."""
    places = [record["location"] for record in records]
    return {place["geonames_id"]: place["subdivision"] for place in places if place["subdivision"]}


def ror_entity(record: Record, subdivisions: Mapping[int, str], listed: Record | None) -> dict[str, Any]:
    """An entity from a ROR record, with what the list of the demonstration adds to it, if it is on it."""
    added = listed or {}
    return {
        "names": names_of(record["names"], country="Poland", own=added.get("name")),
        "existence": record["status"],
        "founded_on": str(record["established"]) if record["established"] else None,
        "seat": _seat(record["location"], subdivisions),
        "links": [{"type": link["type"], "url": link["value"]} for link in record["links"]],
        "identifiers": [
            {"scheme": "ror", "value": record["id"]},
            *({"scheme": item["scheme"], "value": item["value"]} for item in record["external_ids"]),
        ],
        "relations": [
            {"kind": relation["type"], "label": relation["label"], "scheme": "ror", "value": relation["id"]}
            for relation in record["relationships"]
        ],
        **_common(added, kinds=record["types"]),
        "source": "ror",
        "source_key": record["id"],
    }


def listed_entity(item: Record) -> dict[str, Any]:
    """An entity of the list that has no ROR record."""
    names = [{"value": item["name"], "lang": "pl" if "name_en" in item else None}]
    if "name_en" in item:
        names.append({"value": item["name_en"], "lang": "en"})
    if "acronym" in item:
        names.append({"value": item["acronym"], "lang": None, "role": "acronym"})
    schemes = [scheme for scheme in ("nip", "regon", "krs") if scheme in item]
    return {
        "names": names,
        "startup": "startup_listed_year" in item,
        "startup_listed_year": item.get("startup_listed_year"),
        "seat": {
            "street": item.get("street"),
            "postal_code": item.get("postal_code"),
            "city": item["city"],
            "subdivision": item.get("subdivision", REGION),
            "country": "PL",
        },
        "links": [{"url": item["web"]}] if "web" in item else [],
        "identifiers": [{"scheme": scheme, "value": item[scheme]} for scheme in schemes],
        **_common(item, kinds=()),
        "source": item.get("source", STRATEGY),
        "source_key": item["key"],
    }


def natural_key(item: Record) -> tuple[str, str]:
    """Source and key of an entity of the list."""
    return ("ror", item["ror"]) if "ror" in item else (item.get("source", STRATEGY), item["key"])


def lab(item: Record, owner: str) -> dict[str, Any]:
    """A laboratory of the list."""
    areas = [{"area_m2": item["area_m2"], "from": day(item["area_from"])}] if "area_m2" in item else []
    return {
        "owner": owner,
        "name": item["name"],
        "kind": item["kind"],
        "areas": areas,
        "shared": period(item["shared"]) if "shared" in item else None,
        "note": item.get("note"),
        "source": item.get("evidence", "demonstration"),
        "source_key": item["key"],
        "demonstration": True,
    }


def data_repository(item: Record, operator: str | None) -> dict[str, Any]:
    """A data repository of the list."""
    return {
        "name": item["name"],
        "operator": operator,
        "url": item.get("web"),
        "fields": item.get("fields", []),
        "available": {"from": day(item["available_from"])},
        "source": STRATEGY,
        "source_key": item["key"],
        "demonstration": True,
    }


def foreign_hq(item: Record) -> dict[str, Any]:
    """An organisation abroad of the list."""
    return {
        **{name: item[name] for name in ("name", "country", "city", "kind")},
        "url": item.get("web"),
        "engagements": [{"state": step["state"], "from": day(step["from"])} for step in item["engagements"]],
        "ready": [period(item["ready"])] if "ready" in item else [],
        "source": "ror",
        "source_key": item["ror"],
        "demonstration": True,
    }


def day(value: date) -> str:
    """A day as the API takes it."""
    return value.isoformat()


def period(days: list[date | None]) -> dict[str, str | None]:
    """First and last day as the API takes them."""
    first, last = days
    return {"from": day(first) if first else None, "to": day(last) if last else None}


def _common(item: Record, *, kinds: Iterable[str]) -> dict[str, Any]:
    codes = dict.fromkeys([*kinds, *item.get("kinds", ())])
    audit = item.get("audit")
    return {
        "interest_group": item.get("group"),
        "fields": item.get("fields", []),
        "sectors": item.get("sectors", []),
        "branches": item.get("branches", []),
        "kinds": [{"code": code} for code in codes],
        "markets": [{"code": code, "from": day(since)} for code, since in item.get("markets", {}).items()],
        "digital_audits": [{"kind": audit["kind"], "on": day(audit["date"])}] if audit else [],
        "demonstration": True,
    }


def _seat(place: Record, subdivisions: Mapping[int, str]) -> dict[str, Any]:
    return {
        "city": place["name"],
        "country": place["country"],
        "subdivision": place["subdivision"] or subdivisions.get(place["geonames_id"]),
        "latitude": place["lat"],
        "longitude": place["lng"],
        "geonames_id": place["geonames_id"],
    }
