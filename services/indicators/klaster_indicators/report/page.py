"""From the parts of the report to one HTML document without anything outside it."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from klaster_indicators.languages import OneLanguage
from klaster_indicators.report.content import chapters_of, said
from klaster_indicators.report.operations import Report
from klaster_indicators.report.words import LACKS, MEANINGS, SIGNS, TEXTS
from klaster_indicators.scorecard import names
from klaster_indicators.scorecard.reads import scorecard_read

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page_of(report: Report, language: OneLanguage) -> str:
    """The report as one HTML document."""
    framework, scorecard = report.framework, report.scorecard
    read = scorecard_read(scorecard, language)
    return _TEMPLATES.get_template("report.html").render(
        t=TEXTS[language],
        language=language,
        title=said(framework.edition, language, "title"),
        edition=framework.edition,
        as_of=scorecard.as_of.isoformat(),
        coverage=read.coverage,
        statuses=[
            (SIGNS[status], getattr(names.STATUSES[status], language), count, MEANINGS[status][language])
            for status, count in read.counts.items()
        ],
        chapters=chapters_of(report, language),
        lacking=[(item.indicator, item.measure, LACKS[item.lacks][language], item.why) for item in read.lacking],
        ambiguous=[(item.indicator.code, item.measure, item.note) for item in read.items if item.ambiguous],
        sources=_sources(report, language),
        svg=Markup,  # sparklines are our own, and escape what they quote
    )


def _sources(report: Report, language: OneLanguage) -> list[dict[str, Any]]:
    """Each indicator once, with where its numbers come from."""
    found: dict[str, dict[str, Any]] = {}
    for score in report.scorecard.scores:
        row = score.indicator.definition
        entry = found.setdefault(
            row.code,
            {
                "code": row.code,
                "name": said(row, language),
                "source": row.source,
                "links": row.links or [],
                "live": [],
                "observed": [],
            },
        )
        if score.measure.definition.live is not None:
            entry["live"].append(score.measure.definition.live)
        latest = score.latest
        if latest is not None and latest.source not in entry["observed"] and latest.figure is None:
            entry["observed"].append(latest.source)
    return list(found.values())
