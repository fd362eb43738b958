"""What a record of ROR 2.1 may hold, as its public schema has it: written down here in few words, as a JSON Schema."""

from typing import Any

TEXT = {"type": "string", "minLength": 1}
ROR_ID = {"type": "string", "pattern": r"^https://ror\.org/0[a-z0-9]{8}$"}
NUMBER_OR_NOTHING = {"type": ["number", "null"]}


def listed(item: dict[str, Any], least: int = 0) -> dict[str, Any]:
    """A list in which nothing stands twice."""
    return {"type": "array", "uniqueItems": True, "items": item, "minItems": least}


def closed(required: str, **properties: Any) -> dict[str, Any]:
    """An object of these properties and no other."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": required.split(),
    }


def one_of(words: str) -> dict[str, Any]:
    """One of some words."""
    return {"type": "string", "enum": words.split()}


STAMP = closed("date schema_version", date={"type": "string", "format": "date"}, schema_version=one_of("1.0 2.0"))
DETAILS = closed(
    "name",
    name=TEXT,
    lat=NUMBER_OR_NOTHING,
    lng=NUMBER_OR_NOTHING,
    continent_code={"enum": ["AF", "AN", "AS", "EU", "NA", "OC", "SA", None]},
    continent_name={
        "enum": ["Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America", None]
    },
    country_code={"type": ["string", "null"], "pattern": "^[A-Z]{2}$"},
    country_name={"type": ["string", "null"]},
    country_subdivision_code={"type": ["string", "null"], "pattern": "^[A-Z]{1,3}$"},
    country_subdivision_name={"type": ["string", "null"]},
)
NAME = closed(
    "types value",
    value=TEXT,
    types=listed(one_of("acronym alias label ror_display"), 1),
    lang={"type": ["string", "null"], "pattern": "^[a-z]{2}$"},
)
EXTERNAL = closed(
    "all type",
    all=listed(TEXT),
    type=one_of("fundref grid isni wikidata"),
    preferred={"type": ["string", "null"]},
)
RECORD = closed(
    "admin id locations names status types",
    admin=closed("created last_modified", created=STAMP, last_modified=STAMP),
    domains=listed({"type": "string", "pattern": r"^((?=[a-z0-9-]{1,63}\.)[a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,63}$"}),
    established=NUMBER_OR_NOTHING,
    external_ids=listed(EXTERNAL),
    id=ROR_ID,
    links=listed(closed("type value", type=one_of("website wikipedia"), value={"type": "string"})),
    locations=listed(
        closed("geonames_id geonames_details", geonames_id={"type": "integer"}, geonames_details=DETAILS), 1
    ),
    names=listed(NAME, 1),
    relationships=listed(
        closed("id label type", type=one_of("related parent child successor predecessor"), id=ROR_ID, label=TEXT)
    ),
    status=one_of("active inactive withdrawn"),
    types=listed(one_of("education funder healthcare company archive nonprofit government facility other"), 1),
)
