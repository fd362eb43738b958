"""What is wrong with the rest of the document: numbers, spellings, places, rules and sources; pure."""

from collections.abc import Iterator

from klaster_indicators.document.checks import Location
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.quality.findings import Finding, items_of
from klaster_indicators.quality.measures import contradictions, gaps, readings, sums


def findings_of(document: StrategyDocument) -> Iterator[Finding]:
    """Everything that can be seen in the document alone."""
    items = items_of(document)
    aiming = {item.level for item in items for measure in item.item.measures if measure.target is not None}
    yield from contradictions(items)
    for item in items:
        yield from sums(item)
        yield from gaps(item, targets_expected=item.level in aiming)
        yield from readings(item)
    yield from _numbers(document)
    yield from _spellings(document)
    yield from _places(document)
    yield from _rules(document)
    yield from _sources(document)


def _numbers(document: StrategyDocument) -> Iterator[Finding]:
    for index, effect in enumerate(document.effects):
        own, printed = effect.code.partition(".")[2], effect.number_printed
        if printed == own:
            continue
        yield Finding(
            kind="not_numbered" if printed is None else "numbering_slip",
            code=effect.code,
            where=("effects", index),
            level="B",
            path=effect.path,
            printed=printed,
            note=effect.note,
            said={"own": own, "printed": printed or ""},
        )


def _spellings(document: StrategyDocument) -> Iterator[Finding]:
    for index, group in enumerate(document.interest_groups):
        if group.also_printed is not None:
            yield _spelling(("interest_groups", index), group.code, group.printed, group.also_printed)
    for index, network in enumerate(document.networks_and_programmes):
        if network.also_printed is not None:
            printed = network.printed or network.name
            yield _spelling(("networks_and_programmes", index), network.code, printed, network.also_printed)


def _spelling(where: Location, code: str, printed: str, also: str) -> Finding:
    said = {"printed": printed, "also": also}
    return Finding(kind="spelled_differently", code=code, where=where, printed=also, said=said)


def _places(document: StrategyDocument) -> Iterator[Finding]:
    for index, task in enumerate(document.tasks):
        if task.column == "likely":
            yield Finding(
                kind="placed_by_reading",
                code=task.code,
                where=("tasks", index),
                level="D",
                path=task.path,
                printed=task.pl,
            )


def _rules(document: StrategyDocument) -> Iterator[Finding]:
    for index, rule in enumerate(document.rules):
        if rule.status == "open":
            yield Finding(kind="rule_open", code=rule.code, where=("rules", index), printed=rule.pl)


def _sources(document: StrategyDocument) -> Iterator[Finding]:
    placed = {item.item.code: item for item in items_of(document)}
    for index, link in enumerate(document.verification_links):
        for code in link.candidates:
            yield placed[code].finding(
                "source_unclear",
                ("verification_links", index),
                printed=link.url,
                note=link.note,
            )
