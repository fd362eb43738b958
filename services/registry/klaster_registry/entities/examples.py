"""Examples of the contract: one organisation, as it is sent and as it is answered."""

from typing import Any

_ID = "0190163d-8694-739b-aea5-966c26f8ad91"

ENTITY_CREATE: dict[str, Any] = {
    "names": [
        {"value": "Żyzna Łąka sp. z o.o.", "lang": "pl", "role": "official"},
        {"value": "ŻŁ", "lang": None, "role": "acronym"},
    ],
    "existence": "active",
    "interest_group": "BIOF",
    "fields": ["food"],
    "sectors": ["72.11.Z"],
    "legal_form": "spółka z o.o.",
    "startup": True,
    "startup_listed_year": 2016,
    "founded_on": "2015-04",
    "closed_on": None,
    "seat": {
        "street": "ul. Łąkowa 7",
        "postal_code": "30-001",
        "city": "Kraków",
        "subdivision": "PL-12",
        "country": "PL",
        "latitude": 50.06,
        "longitude": 19.94,
        "geonames_id": 3094802,
    },
    "branches": [
        {"kind": "subsidiary", "name": "Fette Wiese GmbH", "city": "Dresden", "country": "DE", "from": "2021-01-01"}
    ],
    "links": [{"type": "website", "url": "https://laka.example.org/"}],
    "identifiers": [{"scheme": "nip", "value": "1234563218"}],
    "relations": [{"kind": "parent", "label": "Instytut Gleby", "scheme": "ror", "value": "03bqmcz70"}],
    "kinds": [{"code": "company", "from": None, "to": None}],
    "markets": [{"code": "EU", "from": "2021-01-01", "to": None}],
    "digital_audits": [{"kind": "audit", "on": "2021-11-30"}],
    "source": "office",
    "source_key": "laka",
    "demonstration": False,
}

ENTITY_UPDATE: dict[str, Any] = {
    "legal_form": "spółka akcyjna",
    "startup_listed_year": None,
    "links": [{"type": "website", "url": "https://www.laka.example.org/"}],
}

ENTITY_READ: dict[str, Any] = {
    **ENTITY_CREATE,
    "id": _ID,
    "rbw_number": "RBW-000073",
    "name": "Żyzna Łąka sp. z o.o.",
    "registration": "registered",
    "branches": [
        {
            **dict.fromkeys(ENTITY_CREATE["seat"]),
            "kind": "subsidiary",
            "name": "Fette Wiese GmbH",
            "city": "Dresden",
            "country": "DE",
            "abroad": True,
            "from": "2021-01-01",
            "to": None,
        }
    ],
    "identifiers": [
        {
            "scheme": "nip",
            "value": "1234563218",
            "verdict": "valid",
            "reason": None,
            "source": "office",
            "checked_at": "2022-02-01T09:00:00Z",
            "conflict": False,
        }
    ],
    "relations": [{"kind": "parent", "label": "Instytut Gleby", "scheme": "ror", "value": "03bqmcz70", "entity": None}],
    "registrations": [
        {"state": "applied", "from": "2022-02-01", "to": "2022-02-28"},
        {"state": "registered", "from": "2022-03-01", "to": None},
    ],
    "interest_groups": [{"code": "BIOF", "from": None, "to": None}],
    "groups": [{"code": "talents", "from": "2022-04-01", "to": None}],
    "networks": [{"code": "CEBR", "from": "2022-06-01", "to": None}],
    "advisory_bodies": [],
    "cooperations": [{"from": "2022-03-01", "to": "2022-04-30"}],
    "partnerships": [{"from": "2022-05-01", "to": None}],
    "merged_into": None,
    "version": 9,
    "created_at": "2022-02-01T09:00:00Z",
    "updated_at": "2022-06-01T09:00:00Z",
}

RELATED_READ: dict[str, Any] = {
    "kind": "parent",
    "direction": "out",
    "label": "Instytut Gleby",
    "scheme": "ror",
    "value": "03bqmcz70",
    "entity": {"id": "0190163d-8694-739b-aea5-966c26f8ad92", "name": "Instytut Gleby"},
    "flags": [],
}

STEP: dict[str, Any] = {"on": "2022-03-01", "note": "Uchwała rady 3/2022"}
REJECTION: dict[str, Any] = {"on": "2022-03-01", "note": "Brak dokumentu potwierdzającego siedzibę"}
STAY: dict[str, Any] = {"from": "2022-05-01", "to": None}
END_OF_STAY: dict[str, Any] = {"on": "2024-12-31"}
NOTED_REGISTRATIONS: dict[str, Any] = {
    "items": [
        {"state": "applied", "from": "2022-02-01", "to": "2022-02-28", "note": "Wniosek 12/2022"},
        {"state": "registered", "from": "2022-03-01", "to": None, "note": "Uchwała rady 3/2022"},
    ]
}
