"""The plain values of a project, as a request states them and as they are stored. No queries here."""

from datetime import date, timedelta
from typing import Any

from klaster_registry.periods import BEGINNING, END
from klaster_registry.projects.models import Project
from klaster_registry.projects.schemas import ProjectCreate, ProjectUpdate
from klaster_shared.errors import Invalid
from klaster_shared.text import fold, sort_key

_SORTED = (
    400  # characters that titles are ordered by: an index row has room for them in any script; ids settle the rest
)
_AS_SAID = ("acronym", "starts_on", "ends_on", "cancelled_on", "results", "note")
_PLAIN = {*_AS_SAID, "title", "group", "value", "origin"}


def said_values(given: ProjectCreate | ProjectUpdate) -> dict[str, Any]:
    """Columns for what the request states; a creation states everything."""
    said: Any = set(ProjectCreate.model_fields) if isinstance(given, ProjectCreate) else given.model_fields_set
    wire: Any = given.model_dump(mode="python", include=said & _PLAIN)
    values = {name: wire[name] for name in _AS_SAID if name in wire}
    if "group" in wire:
        values["group_code"] = wire["group"]
    if "title" in wire:
        title = wire["title"]
        values |= {"title_pl": title["pl"], "title_en": title["en"], "sort_title": sort_key(title["pl"])[:_SORTED]}
    if "value" in wire:
        values |= _money(wire["value"])
    if "origin" in wire:
        origin = wire["origin"] or {}
        values |= {f"origin_{name}": origin.get(name) for name in ("kind", "url", "note")}
    return values


def _money(value: dict[str, Any] | None) -> dict[str, Any]:
    stated = value or {}
    in_pln = stated.get("amount") if stated.get("currency") == "PLN" else stated.get("amount_pln")
    return {
        "amount": stated.get("amount"),
        "currency": stated.get("currency"),
        "amount_pln": in_pln,
        "pln_rate_source": stated.get("pln_rate_source"),
    }


def search_text(project: Project) -> str:
    """What the list's own `q` looks into; a bar between texts: no word runs from one into the next."""
    return "|".join(fold(text) for text in (project.title_pl, project.title_en, project.acronym) if text)


def check_dates(project: Project) -> None:
    """Refuse days the wrong way round; raises Invalid."""
    starts, ends, cancelled = project.starts_on, project.ends_on, project.cancelled_on
    if ends is not None and starts is None:
        raise Invalid.field("/starts_on", "dates", "What ends has begun: say when")
    if ends is not None and starts is not None and ends < starts:
        raise Invalid.field("/ends_on", "dates", "It would end before it begins")
    if ends is not None and cancelled is not None and cancelled > ends:
        raise Invalid.field("/cancelled_on", "dates", "It had ended by then")
    for name, day in (("starts_on", starts), ("ends_on", ends), ("cancelled_on", cancelled)):
        if day is not None and day >= END - timedelta(days=1):
            raise Invalid.field(f"/{name}", "dates", "Leave a day out that is not known")


def run_values(project: Project) -> tuple[date, date]:
    """The half-open stretch of days on which it runs; one that no day lies in, nor any period touches, where none."""
    if project.starts_on is None:
        return END, BEGINNING
    until = project.ends_on + timedelta(days=1) if project.ends_on else END
    until = min(until, project.cancelled_on or END)
    return (project.starts_on, until) if project.starts_on < until else (END, BEGINNING)
