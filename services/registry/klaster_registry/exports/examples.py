"""What an export looks like, for the contract."""

from typing import Any

_STAMP = {"date": "2026-11-24", "schema_version": "2.0"}
_PLACE = {
    "name": "Kraków",
    "lat": 50.06143,
    "lng": 19.93658,
    "country_code": "PL",
    "country_name": "Poland",
}
_ROR_RECORD: dict[str, Any] = {
    "admin": {"created": _STAMP, "last_modified": _STAMP},
    "domains": ["uj.edu.pl"],
    "established": 1364,
    "external_ids": [{"type": "isni", "all": ["0000 0001 2162 9631"], "preferred": None}],
    "id": "https://ror.org/03bqmcz70",
    "links": [{"type": "website", "value": "https://www.uj.edu.pl"}],
    "locations": [{"geonames_id": 3094802, "geonames_details": _PLACE}],
    "names": [
        {"value": "Uniwersytet Jagielloński", "types": ["ror_display", "label"], "lang": "pl"},
        {"value": "UJ", "types": ["acronym"], "lang": None},
    ],
    "relationships": [],
    "status": "active",
    "types": ["education"],
}
ROR_LIST: dict[str, Any] = {
    "type": "array",
    "description": "With `format=ror`: records as the public schema of ROR 2.1 has them",
    "items": {"type": "object"},
    "examples": [[_ROR_RECORD]],
}
