"""Records of the Research Organization Registry (schema 2.x) as entities. No database here.

Nothing is left out or put right: every name, identifier, place and relation has its counterpart, and a wrong identifier
is kept with its verdict. Domains become links of the type `domain`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from klaster_registry.loading.schemas import EntityStated

SOURCE = "ror"
_ADDRESS = re.compile(r"^https?://(www\.)?ror\.org/")


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore")


class RorName(_Read):
    """A name, and what it is: label, ror_display, alias, acronym."""

    value: str
    types: list[str]
    lang: str | None = None


class RorPlaceDetails(_Read):
    """A place as GeoNames describes it."""

    name: str
    country_code: str | None = None
    country_name: str | None = None
    country_subdivision_code: str | None = None
    lat: float | None = None
    lng: float | None = None


class RorLocation(_Read):
    """Where an organisation is."""

    geonames_id: int | None = None
    geonames_details: RorPlaceDetails


class RorExternalId(_Read):
    """Identifiers of one scheme, and which of them its holder prefers."""

    type: str
    all: list[str]
    preferred: str | None = None


class RorLink(_Read):
    """An address on the web."""

    type: str
    value: str


class RorRelationship(_Read):
    """A relation to another organisation, which may be in another file or in none."""

    type: str
    label: str
    id: str | None = None


class RorRecord(_Read):
    """An organisation as ROR writes it."""

    id: str
    status: str
    names: list[RorName]
    types: list[str] = []
    established: int | None = None
    locations: list[RorLocation] = []
    links: list[RorLink] = []
    domains: list[str] = []
    external_ids: list[RorExternalId] = []
    relationships: list[RorRelationship] = []


def entity_of(raw: Mapping[str, Any], *, demonstration: bool = False) -> EntityStated:
    """The entity that a record describes; raises ValidationError where it is no such record, or cannot be kept."""
    record = RorRecord.model_validate(raw)
    places = [_place(location) for location in record.locations]
    country = record.locations[0].geonames_details.country_name if record.locations else None
    return EntityStated.model_validate(
        {
            "names": names_of([name.model_dump() for name in record.names], country=country),
            "existence": record.status,
            "founded_on": None if record.established is None else f"{record.established:04d}",
            "seat": places[0] if places else None,
            "branches": places[1:],
            "links": [
                *({"type": link.type, "url": link.value} for link in record.links),
                *({"type": "domain", "url": f"https://{domain}"} for domain in record.domains),
            ],
            "identifiers": [{"scheme": "ror", "value": record.id}, *_identifiers(record.external_ids)],
            "relations": [_relation(relationship) for relationship in record.relationships],
            "kinds": [{"code": code} for code in dict.fromkeys(record.types)],
            "source": SOURCE,
            "source_key": key_of(record.id),
            "demonstration": demonstration,
        }
    )


def key_of(ror_id: str) -> str:
    """The short form of an id, which is its key in the source."""
    return _ADDRESS.sub("", ror_id.strip())


def names_of(
    names: Sequence[Mapping[str, Any]], *, country: str | None, own: str | None = None
) -> list[dict[str, Any]]:
    """Names in the order in which an office reads them: its own, the Polish label, the one that ROR shows, others."""
    labels = [name for name in names if {"label", "ror_display"} & set(name["types"])]
    labels.sort(key=lambda name: (name["lang"] != "pl", "ror_display" not in name["types"]))
    official = [{"value": own, "lang": None, "role": "official"}] if own else []
    for name in labels:
        # ROR writes a company's country behind its name; where there is another name, that one is only an alias.
        is_alias = bool(official) and country is not None and name["value"].endswith(f"({country})")
        official.append({"value": name["value"], "lang": name["lang"], "role": "alias" if is_alias else "official"})
    rest = [
        {
            "value": name["value"],
            "lang": name["lang"],
            "role": "acronym" if "acronym" in name["types"] else "alias",
        }
        for name in names
        if name not in labels
    ]
    return [name for at, name in enumerate([*official, *rest]) if at == 0 or name["value"] != own]


def _place(location: RorLocation) -> dict[str, Any]:
    details = location.geonames_details
    code, country = details.country_subdivision_code, details.country_code
    return {
        "city": details.name,
        "country": country,
        "subdivision": f"{country}-{code}" if code and country else None,
        "latitude": details.lat,
        "longitude": details.lng,
        "geonames_id": location.geonames_id,
    }


def _identifiers(external: Iterable[RorExternalId]) -> list[dict[str, str]]:
    found = []
    for one in external:
        values = dict.fromkeys([*([one.preferred] if one.preferred else []), *one.all])
        found += [{"scheme": one.type.lower(), "value": value} for value in values]
    return found


def _relation(relationship: RorRelationship) -> dict[str, Any]:
    known = {"scheme": "ror", "value": key_of(relationship.id)} if relationship.id else {}
    return {"kind": relationship.type, "label": relationship.label, **known}
