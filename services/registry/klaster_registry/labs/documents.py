"""How a laboratory is written: its rows from what was given, and the record from its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from klaster_registry.labs.models import Lab, LabArea, LabFootprint
from klaster_registry.labs.schemas import AreaIn, EquipmentIn, FootprintIn
from klaster_registry.periods import END, Period, PeriodIn, refuse_overlaps
from klaster_registry.search.entries import Entry
from klaster_shared.decimals import as_number
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Label, Language, label_text
from klaster_shared.text import sort_key


@dataclass(slots=True)
class Parts:
    """What a laboratory consists of besides its own row."""

    owner: str
    areas: Sequence[LabArea] = ()
    footprints: Sequence[LabFootprint] = ()
    fields: Sequence[str] = field(default_factory=list)


Years = tuple[int, int]
ALL_YEARS: Years = (0, 9999)


def name_values(name: Label) -> dict[str, Any]:
    """The columns of a name."""
    return {"name_pl": name.pl, "name_en": name.en, "sort_name": sort_key(name.pl)}


def terms_values(terms: Label | None) -> dict[str, Any]:
    """The columns of the terms."""
    return {"terms_pl": terms.pl if terms else None, "terms_en": terms.en if terms else None}


def sharing_values(shared: PeriodIn | None) -> dict[str, Any]:
    """The columns of the sharing."""
    period = shared.period() if shared else None
    return {
        "shared_from": period.valid_from if period else None,
        "shared_until": period.valid_until if period else None,
    }


def equipment_values(equipment: Sequence[EquipmentIn]) -> dict[str, Any]:
    """The column of the equipment: kept whole."""
    return {"equipment": [one.model_dump() for one in equipment]}


def area_rows(lab_id: UUID, given: Sequence[AreaIn]) -> list[LabArea]:
    """The areas; raises Invalid where periods overlap."""
    periods = [item.period() for item in given]
    refuse_overlaps(periods, "/areas")
    return [
        LabArea(
            id=new_id(),
            lab_id=lab_id,
            area_m2=item.area_m2,
            valid_from=period.valid_from,
            valid_until=period.valid_until,
        )
        for item, period in zip(given, periods, strict=True)
    ]


def footprint_rows(lab_id: UUID, given: Sequence[FootprintIn]) -> list[LabFootprint]:
    """The footprints, one a year."""
    return [LabFootprint(lab_id=lab_id, year=one.year, tco2e=one.tco2e, source=one.source) for one in given]


def lab_record(lab: Lab, parts: Parts, *, day: date, years: Years, language: Language) -> dict[str, Any]:
    """A laboratory as it is written in answers: its area of the day, its carbon footprint of the years."""
    periods = [(area, Period(area.valid_from, area.valid_until)) for area in parts.areas]
    today = next((area.area_m2 for area, period in periods if period.covers(day)), None)
    footprint = _footprint(parts.footprints, years)
    return {
        "id": lab.id,
        "name": label_text(lab.name_pl, lab.name_en, language),
        "owner": {"id": lab.owner_id, "name": parts.owner},
        "kind": lab.kind,
        "fields": parts.fields,
        "area_m2": None if today is None else as_number(today),
        "areas": [{"area_m2": as_number(area.area_m2), **period.wire()} for area, period in periods],
        "equipment": [_equipment(one, language) for one in lab.equipment],
        "shared": _shared(lab),
        "terms": _terms(lab, language),
        "partners_only": lab.partners_only,
        "carbon_footprint": None if footprint is None else as_number(footprint),
        "carbon_footprints": [
            {"year": one.year, "tco2e": as_number(one.tco2e), "source": one.source} for one in parts.footprints
        ],
        "note": lab.note,
        "source": lab.source,
        "source_key": lab.source_key,
        "demonstration": lab.demonstration,
        "version": lab.version,
        "created_at": lab.created_at,
        "updated_at": lab.updated_at,
    }


def lab_entry(lab: Lab, parts: Parts) -> Entry:
    """A laboratory as it is found. Without its owner's name: that one changes elsewhere."""
    return Entry(
        collection="labs",
        record_id=str(lab.id),
        title_pl=lab.name_pl,
        title_en=lab.name_en,
        texts=[text for one in lab.equipment for text in (*one["name"].values(), one["model"]) if text],
        fields=parts.fields,
        demonstration=lab.demonstration,
    )


def _footprint(footprints: Sequence[LabFootprint], years: Years) -> Decimal | None:
    stated = [one.tco2e for one in footprints if years[0] <= one.year <= years[1]]
    return sum(stated, Decimal(0)) if stated else None


def _equipment(one: dict[str, Any], language: Language) -> dict[str, Any]:
    return {**one, "name": label_text(one["name"]["pl"], one["name"]["en"], language)}


def _shared(lab: Lab) -> dict[str, str | None] | None:
    return Period(lab.shared_from, lab.shared_until or END).wire() if lab.shared_from is not None else None


def _terms(lab: Lab, language: Language) -> str | dict[str, str] | None:
    return label_text(lab.terms_pl, lab.terms_en, language) if lab.terms_pl and lab.terms_en else None
