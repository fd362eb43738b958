"""A project as it is written in answers, and as the search finds it. No queries here."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from klaster_registry.projects.models import Project
from klaster_registry.projects.partners import partner_record
from klaster_registry.projects.repository import NamedPartner
from klaster_registry.projects.schemas import State
from klaster_registry.search.entries import Entry
from klaster_shared.decimals import as_number
from klaster_shared.labels import Language, label_text

COLLECTION = "projects"


def state_on(project: Project, day: date) -> State:
    """What a project is on a day."""
    if project.cancelled_on is not None and project.cancelled_on <= day:
        return "cancelled"
    if project.starts_on is None or project.starts_on > day:
        return "planned"
    return "finished" if project.ends_on is not None and project.ends_on < day else "running"


def project_record(
    project: Project,
    *,
    kinds: Sequence[str],
    fields: Sequence[str],
    partners: Sequence[NamedPartner],
    day: date,
    language: Language,
) -> dict[str, Any]:
    """A project with its parts."""
    return {
        "id": project.id,
        "title": label_text(project.title_pl, project.title_en, language),
        "acronym": project.acronym,
        "kinds": kinds,
        "group": project.group_code,
        "state": state_on(project, day),
        "partners": [partner_record(partner) for partner in partners],
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "cancelled_on": project.cancelled_on,
        "value": _value(project),
        "results": [_result(result, language) for result in project.results],
        "fields": fields,
        "origin": _origin(project),
        "note": project.note,
        "source": project.source,
        "source_key": project.source_key,
        "demonstration": project.demonstration,
        "version": project.version,
        "created_at": project.created_at,
        "updated_at": project.updated_at,
    }


def _value(project: Project) -> dict[str, Any] | None:
    if project.amount is None:
        return None
    return {
        "amount": as_number(project.amount),
        "currency": project.currency,
        "amount_pln": None if project.amount_pln is None else as_number(project.amount_pln),
        "pln_rate_source": project.pln_rate_source,
    }


def _result(result: dict[str, Any], language: Language) -> dict[str, Any]:
    title = result["title"]
    return {"title": label_text(title["pl"], title["en"], language), "year": result["year"], "url": result["url"]}


def _origin(project: Project) -> dict[str, Any] | None:
    if project.origin_kind is None:
        return None
    return {"kind": project.origin_kind, "url": project.origin_url, "note": project.origin_note}


def search_entry(project: Project, record: dict[str, Any]) -> Entry:
    """What the search knows of a project: titles, acronym, and who is only named in it."""
    return Entry(
        collection=COLLECTION,
        record_id=str(project.id),
        title_pl=project.title_pl,
        title_en=project.title_en,
        names=[project.acronym] if project.acronym else [],
        texts=[partner["name"] for partner in record["partners"] if partner["name"]],
        fields=record["fields"],
        demonstration=project.demonstration,
    )
