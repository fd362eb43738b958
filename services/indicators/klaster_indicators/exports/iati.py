"""IATI 2.03: the strategy as one activity, its effects and programmes as results; both languages side by side."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from klaster_indicators.document.reckoning import said
from klaster_indicators.document.targets import plain
from klaster_indicators.exports.operations import Aim, Exported, MeasureHistory, number_of

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Suggested by the standard's own logic: A impact, B outcome, C output, D other.
_RESULT_TYPES = {"A": "3", "B": "2", "C": "1", "D": "9"}
_IMPLEMENTATION, _ACTUAL_START, _IMPLEMENTING, _FOUNDATION, _RESEARCH = "2", "2", "4", "60", "32182"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who reports: its reference (`PL-KRS-...`) and name."""

    ref: str
    name: str


async def as_iati(
    exported: Exported, measures: AsyncIterator[MeasureHistory], *, publisher: Publisher, now: datetime
) -> AsyncIterator[bytes]:
    """One result for each effect (level B) or programme (level C), in the order of the edition."""
    yield _head(exported, publisher, now)
    result: Element | None = None
    current = ""
    async for history in measures:
        code = _parent(history)
        if result is None or code != current:
            if result is not None:
                yield tostring(result, encoding="utf-8")
            result, current = _result(exported, history, code), code
        _add_indicator(result, exported, history)
    if result is not None:
        yield tostring(result, encoding="utf-8")
    yield b"</iati-activity></iati-activities>\n"


def _head(exported: Exported, publisher: Publisher, now: datetime) -> bytes:
    edition = exported.framework.edition
    activity = Element("iati-activity", {_LANG: "en", "hierarchy": "1", "last-updated-datetime": now.isoformat()})
    SubElement(activity, "iati-identifier").text = f"{publisher.ref}-{edition.code}"
    _narrate(SubElement(activity, "reporting-org", ref=publisher.ref, type=_FOUNDATION), publisher.name)
    _narrate(SubElement(activity, "title"), edition.title_en, edition.title_pl)
    _narrate(SubElement(activity, "description", type="1"), edition.title_en, edition.title_pl)
    implementing = {"ref": publisher.ref, "role": _IMPLEMENTING, "type": _FOUNDATION}
    _narrate(SubElement(activity, "participating-org", implementing), publisher.name)
    SubElement(activity, "activity-status", code=_IMPLEMENTATION)
    begun: date = edition.adopted or edition.created_at.date()
    SubElement(activity, "activity-date", {"type": _ACTUAL_START, "iso-date": begun.isoformat()})
    SubElement(activity, "recipient-country", code="PL")
    SubElement(activity, "sector", vocabulary="1", code=_RESEARCH)
    opened = tostring(activity, encoding="unicode").removesuffix("</iati-activity>")
    document = f'<iati-activities version="2.03" generated-datetime="{now.isoformat()}">{opened}'
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + document).encode()


def _parent(history: MeasureHistory) -> str:
    """The effect (its first one) or programme that an indicator belongs to; else its level."""
    definition = history.indicator.definition
    parent: str = definition.programme or next(iter(history.indicator.effects), definition.level)
    return parent


def _result(exported: Exported, history: MeasureHistory, code: str) -> Element:
    framework, level = exported.framework, history.indicator.definition.level
    parts = (*framework.effects, *framework.programmes, *framework.levels)
    row = next(row for row in parts if row.code == code)
    result = Element("result", {"type": _RESULT_TYPES.get(level, "9"), "aggregation-status": "0"})
    _narrate(SubElement(result, "title"), f"{code} {row.name_en}", f"{code} {row.name_pl}")
    return result


def _add_indicator(result: Element, exported: Exported, history: MeasureHistory) -> None:
    definition, row = history.measure.definition, history.indicator.definition
    attributes = {
        "measure": "2" if definition.unit == "percent" else "1",
        "ascending": "0" if definition.direction == "decrease" else "1",
        "aggregation-status": "0",
    }
    indicator = SubElement(result, "indicator", attributes)
    name = f"{row.code} {definition.code}"
    _narrate(SubElement(indicator, "title"), f"{name}: {row.name_en}", f"{name}: {row.name_pl}")
    _narrate(SubElement(indicator, "description", type="1"), f"{definition.unit}, {definition.period}")
    path = next(path for path in exported.framework.paths if path.number == row.path)
    _add_baseline(indicator, history, path.code)
    _add_periods(indicator, history, path.code)


def _add_baseline(indicator: Element, history: MeasureHistory, path: str) -> None:
    row = history.measure.baseline
    attributes = {"year": str(row.year), "iso-date": row.of_day.isoformat()}
    if history.baseline is not None:
        attributes["value"] = plain(history.baseline)
    baseline = SubElement(indicator, "baseline", attributes)
    SubElement(baseline, "dimension", name="path", value=path)
    comment = row.note or row.status or (f"covers {row.period}" if row.period != _period(history) else None)
    if comment is not None:
        _narrate(SubElement(baseline, "comment"), comment)


def _period(history: MeasureHistory) -> str:
    return str(history.measure.definition.period)


def _add_periods(indicator: Element, history: MeasureHistory, path: str) -> None:
    """A period for each value, and for each target one of its own where no value is of the same days."""
    aims = {aim.days: aim for aim in history.aims()}
    for row in history.observations:
        own = aims.pop((row.starts_on, row.ends_on), None) if row.period == _period(history) else None
        period = _add_period(indicator, row.starts_on, row.ends_on)
        if own is not None:
            _add_target(period, own, path)
        _add_actual(period, row, path)
    for aim in aims.values():
        _add_target(_add_period(indicator, *aim.days), aim, path)


def _add_period(indicator: Element, start: date, end: date) -> Element:
    period = SubElement(indicator, "period")
    SubElement(period, "period-start", {"iso-date": start.isoformat()})
    SubElement(period, "period-end", {"iso-date": end.isoformat()})
    return period


def _add_target(period: Element, aim: Aim, path: str) -> None:
    target = SubElement(period, "target", value=plain(aim.value))
    SubElement(target, "dimension", name="path", value=path)
    how = said(aim.how)
    _narrate(SubElement(target, "comment"), how.en, how.pl)


def _add_actual(period: Element, row: Any, path: str) -> None:
    value: Decimal | None = number_of(row)
    actual = SubElement(period, "actual", {} if value is None else {"value": plain(value)})
    SubElement(actual, "dimension", name="path", value=path)
    _narrate(SubElement(actual, "comment"), row.note or row.source)
    # Files that are kept here have no address that the standard would take: whoever reads this knows no host of ours.
    for link in (link for link in row.evidence or [] if link.startswith("http")):
        document = SubElement(actual, "document-link", url=link, format="text/html")
        _narrate(SubElement(document, "title"), row.source)
        SubElement(document, "category", code="A08")


def _narrate(parent: Element, en: str, pl: str | None = None) -> None:
    SubElement(parent, "narrative").text = en
    if pl is not None:
        SubElement(parent, "narrative", {_LANG: "pl"}).text = pl
