"""Laboratories of the demonstration, with what they have, emit and offer: what the files say, as the API takes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from klaster_registry.seeding import bodies, files
from klaster_shared.seeding import Gateway, by_key, for_each

SOURCE = "demonstration"
_STATED = "Dane pokazowe, wymyślone"  # of footprints that nobody states


async def load_laboratories(gateway: Gateway, listed: Sequence[bodies.Record], ids: Mapping[str, str]) -> None:
    """Add the laboratories that are missing, then the services; `ids` are those of the owners."""
    found = files.laboratories()
    labs = [bodies.lab(item, ids[item["owner"]]) | _more(found["more"].get(item["key"], {})) for item in listed]
    await _load_missing(gateway, "/v1/labs", "laboratories added", labs)
    rows = await gateway.every("/v1/labs", demonstration="true")
    by_source_key = {row["source_key"]: row["id"] for row in rows}
    services = [_service(item, by_source_key[item["lab"]]) for item in found["services"]]
    await _load_missing(gateway, "/v1/lab-services", "laboratory services added", services)


def _more(item: bodies.Record) -> dict[str, Any]:
    return {
        **{name: item[name] for name in ("fields", "equipment", "terms", "partners_only") if name in item},
        "carbon_footprints": [
            {"year": year, "tco2e": tco2e, "source": _STATED} for year, tco2e in item.get("footprints", {}).items()
        ],
    }


def _service(item: bodies.Record, lab: str) -> dict[str, Any]:
    return {
        "lab": lab,
        **{name: item[name] for name in ("name", "fields", "price", "partners_only") if name in item},
        "shared": bodies.period(item["shared"]),
        "source": SOURCE,
        "source_key": item["key"],
        "demonstration": True,
    }


async def _load_missing(gateway: Gateway, path: str, counted: str, wanted: list[dict[str, Any]]) -> None:
    known = by_key(await gateway.every(path))
    missing = [body for body in wanted if (body["source"], body["source_key"]) not in known]
    await for_each(missing, lambda body: gateway.post(path, body, counted=counted))
