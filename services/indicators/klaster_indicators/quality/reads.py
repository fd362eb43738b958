"""From the report's findings to what goes over the wire."""

from collections import Counter

from klaster_indicators.framework.operations import Framework
from klaster_indicators.indicators.reads import path_reference
from klaster_indicators.quality.findings import Finding
from klaster_indicators.quality.operations import Report
from klaster_indicators.quality.schemas import QualityFindingRead, QualityPlace, QualityRead
from klaster_indicators.quality.sentences import KINDS, TABLES, sentence_of
from klaster_indicators.strategy.operations import pointer_to
from klaster_shared.labels import Label, Language, label_text


def report_read(report: Report, language: Language) -> QualityRead:
    """The report in the language asked for."""
    framework = report.framework
    return QualityRead(
        as_of=report.as_of,
        edition=framework.edition.code if framework else None,
        counts=dict(Counter(finding.kind for finding in report.findings)),
        items=[_read(finding, framework, language) for finding in report.findings] if framework else [],
    )


def _read(finding: Finding, framework: Framework, language: Language) -> QualityFindingRead:
    return QualityFindingRead(
        kind=finding.kind,
        label=_text(KINDS[finding.kind], language),
        severity=finding.weight,
        code=finding.code,
        measure=finding.measure,
        level=finding.level,
        path=path_reference(framework, finding.path, language) if finding.path is not None else None,
        place=QualityPlace(
            table=_text(TABLES[str(finding.where[0])], language),
            pointer=pointer_to(finding.where),
            printed=finding.printed,
            note=finding.note,
        ),
        sentence=_text(sentence_of(finding), language),
    )


def _text(label: Label, language: Language) -> str | dict[str, str]:
    return label_text(label.pl, label.en, language)
