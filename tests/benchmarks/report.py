"""The page that is printed and kept: docs/benchmarks.md."""

from collections.abc import Sequence

from tests.benchmarks.cached import CachedFigures, cached_part
from tests.benchmarks.checkin import DEVICES, PER_SECOND, CheckinFigures
from tests.benchmarks.checkin import PEOPLE as THROUGH_THE_DOOR
from tests.benchmarks.export import ExportFigures, export_part
from tests.benchmarks.forwarding import Comparison
from tests.benchmarks.imports import ImportFigures, import_part
from tests.benchmarks.indicators import LARGE, LARGE_PAGE, MANY, PAGE, PLAIN, STRATEGY, WHOLE, IndicatorFigures
from tests.benchmarks.indicators_data import YEARS
from tests.benchmarks.load import generator
from tests.benchmarks.machine import description, missing_peers
from tests.benchmarks.matching import MatchingFigures
from tests.benchmarks.matching_page import matching_part
from tests.benchmarks.meetings import MeetingFigures, meetings_part
from tests.benchmarks.registry import CONNECTIONS, RegistryFigures
from tests.benchmarks.rounds import Row
from tests.benchmarks.search import SearchFigures
from tests.benchmarks.search_page import search_part
from tests.benchmarks.stack import Memory, StackFigures
from tests.benchmarks.storm import AT_A_TIME, PEOPLE, SEATS, StormFigures
from tests.benchmarks.suggestions import SuggestionFigures, suggestions_part

HEAD = """# Benchmarks

Made by `{command}` on {day}: {machine}; load from {generator}.

Each subject is measured in turn, round after round ({rounds} rounds of {seconds:g} s); a ratio is the median of the
ratios within a round, since a shared host's speed swings by up to two within seconds. Ratios within 15 % are equal. The
measured proxy has core 0; load generator and upstream share core 1. `added` is the median latency beyond that of the
upstream alone. Other work on the machine when this began: load average {busy:.1f}.
"""
FORWARDING = """## Forwarding, in front of {upstream}

{note}

| connections | way | requests/s | of {reference} | p50 ms | p99 ms | added ms | CPU us per request |
|---|---|---|---|---|---|---|---|
"""
NOTES = {
    "static 2 kB": "What a proxy costs by itself, in front of a file. With a key: recognised once a second.",
    "the registry": "What callers see: an empty list of the registry on SQLite, itself on the other core.",
}
REGISTRY = """## The registry, {entities:,} entities on PostgreSQL

A page of 50 registered ones, {connections} connections, the database on the load's core. The plain way is mounted in
the same app, behind the same token, ETag and telemetry: SQLModel objects returned through `response_model`, once with
the columns of one table (a third of the bytes), once with everything that the registry itself answers with.

| way | requests/s | of plain | p50 ms | p99 ms | CPU us per request |
|---|---|---|---|---|---|
{rows}

All figures of one day, over HTTP: {figures_ms:.0f} ms.

| a sequential scan of | ms | the figures take |
|---|---|---|
{scans}
"""
INDICATORS = """## The scorecard, {years} years of daily values on SQLite

The whole strategy ({strategy} indicators, {observations:,} observations) and one of {many:,} indicators
({large_observations:,} observations), one connection, the same rounds. The plain page is 50 observations of a measure.

| read | ms | times the plain page | CPU ms |
|---|---|---|---|
{rows}

{many:,} indicators are {more:.0f} times as many: the scorecard of them takes {whole:.0f} times the processor time of
the strategy's, a page of 50 of them {page:.1f} times that of a page of the strategy's.
"""
STORM = """## The registration storm

{people:,} people register for one event of {seats} seats on PostgreSQL, {at_a_time} at a time, each with an address and
an Idempotency-Key of their own: seat or place in the queue, person, registration, changes in the log, message in the
outbox and stored answer, over HTTP. Beside it, in the same rounds, `pgbench` from {at_a_time} connections doing nothing
but `UPDATE hot SET taken = taken + 1 WHERE id = 1 AND taken < seats`. The database waits for the disk at each commit.

| registrations/s | hot row/s | of the hot row | p50 ms | p99 ms | slowest ms | all answered after s |
|---|---|---|---|---|---|---|
| {per_second:,.0f} | {hot:,.0f} | {ratio:.2f} | {p50:.0f} | {p99:.0f} | {slowest:.0f} | {seconds:.1f} |

{answered:,} answers in {rounds} rounds, {refused} refused; seats sold beyond those there are: {overbooked}.
"""
CHECKIN = """## The door

{people:,} people come through the door of one event on PostgreSQL, {devices} devices scan {per_second} of them a second
over HTTP: scan, counters of the list, attendance, presence of the event, change in the log. Each device asks for the
live count every second meanwhile. A scan is measured from when it is due; before the doors open, others are scanned one
at a time. The database waits for the disk at each commit. {rounds} minute{s} of it; slowest and ratio are those of the
worst.

| a single scan ms | p50 ms | p99 ms | slowest ms | slowest / single | each minute |
|---|---|---|---|---|---|
| {single:.1f} | {p50:.1f} | {p99:.1f} | {slowest:.1f} | {ratio:.1f} | {ratios} |

{scans:,} scans, {refused} refused; people counted too many or too few: {miscounted}.
"""
STACK = """## The stack

As `make run` starts it with SQLite and its demonstration, all four services and this load on the same cores.

| start | ready after s | seeded after s |
|---|---|---|
| cold, empty folder | {cold_ready:.1f} | {cold_seeded:.1f} |
| warm, data there | {warm_ready:.1f} | {warm_seeded:.1f} |

| memory, MB | resident after start | after the load below | held after start | after the load |
|---|---|---|---|---|
{memory}

The services are copies of one process. Held is what the machine has in memory for them: a page that several share, and
that `resident` counts for each, is divided among them (PSS).

| page through the gateway | connections | requests/s | p50 ms | p99 ms |
|---|---|---|---|---|
{pages}

The overview asked with a key, and so composed each time, takes {overview:.2f} times as long as the scorecard, its
slowest section, asked in the same way (medians of single requests in turn; {overview_ms:.0f} and {section_ms:.0f} ms).
"""


def page(
    *,
    command: str,
    day: str,
    rounds: int,
    seconds: float,
    comparisons: Sequence[Comparison] | None,
    cached: CachedFigures | None,
    stack: StackFigures | None,
    registry: RegistryFigures | None,
    search: SearchFigures | None,
    indicators: IndicatorFigures | None,
    storm: StormFigures | None,
    checkin: CheckinFigures | None,
    matching: MatchingFigures | None,
    export: ExportFigures | None,
    taken_in: ImportFigures | None,
    suggestions: SuggestionFigures | None,
    meetings: MeetingFigures | None,
    busy: float,
) -> str:
    """The whole page in Markdown."""
    head = HEAD.format(
        command=command,
        day=day,
        machine=description(),
        generator=generator(),
        rounds=rounds,
        seconds=seconds,
        busy=busy,
    )
    parts = [head, *(f"{sentence}.\n" for sentence in missing_peers())]
    parts += [_comparison(comparison) for comparison in comparisons or ()]
    if cached is not None:
        parts.append(cached_part(cached))
    if registry is not None:
        parts.append(_registry(registry))
    if search is not None:
        parts.append(search_part(search))
    if indicators is not None:
        parts.append(_indicators(indicators))
    if storm is not None:
        parts.append(_storm(storm))
    if checkin is not None:
        parts.append(_checkin(checkin))
    if matching is not None:
        parts.append(matching_part(matching))
    if export is not None:
        parts.append(export_part(export))
    if taken_in is not None:
        parts.append(import_part(taken_in))
    if suggestions is not None:
        parts.append(suggestions_part(suggestions))
    if meetings is not None:
        parts.append(meetings_part(meetings))
    if stack is not None:
        parts.append(_stack(stack))
    return "\n".join(parts)


def renewed(before: str, measured: str, *, day: str, busy: float) -> str:
    """A page with those parts anew that were measured alone, each with its day; the others stay as they are."""
    head, *parts = before.split("\n## ")
    known = {part.partition("\n")[0]: at for at, part in enumerate(parts)}
    for part in measured.split("\n## ")[1:]:
        when = f"Measured alone on {day}; other work on the machine when it began: load average {busy:.1f}."
        at = known.get(part.partition("\n")[0], len(parts))
        parts[at : at + 1] = [f"{part.rstrip()}\n\n{when}\n"]
    return "\n## ".join([head.rstrip("\n") + "\n", *parts])


def _comparison(comparison: Comparison) -> str:
    reference = "nginx" if any(row.name == "nginx" for row in comparison.rows) else "the upstream alone"
    head = FORWARDING.format(upstream=comparison.upstream, note=NOTES[comparison.upstream], reference=reference)
    return head + "\n".join(_line(row) for row in comparison.rows) + "\n"


def _line(row: Row) -> str:
    cpu = f"{row.cpu_us:.0f}" if row.cpu_us is not None else ""
    failed = f" ({row.failed} failed)" if row.failed else ""
    return (
        f"| {row.connections} | {row.name}{failed} | {row.per_second:,.0f} | {row.ratio:.2f} | {row.p50_ms:.2f} "
        f"| {row.p99_ms:.2f} | {row.added_ms:.2f} | {cpu} |"
    )


def _registry(figures: RegistryFigures) -> str:
    rows = [
        f"| {row.name} | {row.per_second:,.0f} | {row.ratio:.2f} | {row.p50_ms:.2f} | {row.p99_ms:.2f} "
        f"| {row.cpu_us or 0:.0f} |"
        for row in figures.pages
    ]
    scans = [f"| {scan.name} | {scan.ms:.0f} | {scan.ratio:.1f} of them |" for scan in figures.scans]
    return REGISTRY.format(
        entities=figures.entities,
        connections=CONNECTIONS,
        rows="\n".join(rows),
        figures_ms=figures.figures_ms,
        scans="\n".join(scans),
    )


def _indicators(figures: IndicatorFigures) -> str:
    rows = [
        f"| {name} | {figures.ms(name):,.1f} | {figures.times(name, PLAIN):.1f} | {figures.cpu_ms(name):,.1f} |"
        for name in figures.taken
    ]
    return INDICATORS.format(
        years=YEARS,
        strategy=STRATEGY,
        many=MANY,
        observations=figures.observations,
        large_observations=figures.large_observations,
        rows="\n".join(rows),
        more=MANY / STRATEGY,
        whole=figures.cpu_ms(LARGE) / figures.cpu_ms(WHOLE),
        page=figures.cpu_ms(LARGE_PAGE) / figures.cpu_ms(PAGE),
    )


def _storm(figures: StormFigures) -> str:
    return STORM.format(
        people=PEOPLE,
        seats=SEATS,
        at_a_time=AT_A_TIME,
        per_second=figures.per_second,
        hot=figures.hot_row_per_second,
        ratio=figures.ratio,
        p50=figures.p50_ms,
        p99=figures.p99_ms,
        slowest=figures.slowest_ms,
        seconds=figures.seconds,
        answered=figures.answered,
        rounds=figures.rounds,
        refused=figures.refused,
        overbooked=figures.overbooked,
    )


def _checkin(figures: CheckinFigures) -> str:
    return CHECKIN.format(
        people=THROUGH_THE_DOOR,
        devices=DEVICES,
        per_second=PER_SECOND,
        rounds=len(figures.ratios),
        s="s" if len(figures.ratios) > 1 else "",
        single=figures.single_ms,
        p50=figures.p50_ms,
        p99=figures.p99_ms,
        slowest=figures.slowest_ms,
        ratio=figures.ratio,
        ratios=", ".join(f"{ratio:.1f}" for ratio in figures.ratios),
        scans=figures.scans,
        refused=figures.refused,
        miscounted=figures.miscounted,
    )


def _megabytes(before: dict[str, Memory], after: dict[str, Memory], names: Sequence[str]) -> list[list[float]]:
    """Resident before and after, then held before and after, of these processes."""
    return [[getattr(moment[name], what) for name in names] for what in Memory._fields for moment in (before, after)]


def _stack(figures: StackFigures) -> str:
    before, after = figures.memory_mb, figures.memory_after_load_mb
    services = [name for name in before if name != "runner"]
    memory = [
        "| " + " | ".join([title, *(f"{sum(each):.0f}" for each in _megabytes(before, after, names))]) + " |"
        for title, names in (*((name, [name]) for name in before), ("the four services", services), ("all", [*before]))
    ]
    pages = [
        f"| {name} | {connections} | {one.per_second:,.0f} | {one.p50_ms:.1f} | {one.p99_ms:.1f} |"
        for name, measured in figures.pages.items()
        for connections, one in measured.items()
    ]
    return STACK.format(
        cold_ready=figures.cold_ready,
        cold_seeded=figures.cold_seeded,
        warm_ready=figures.warm_ready,
        warm_seeded=figures.warm_seeded,
        memory="\n".join(memory),
        pages="\n".join(pages),
        overview=figures.overview_ms / figures.section_ms,
        overview_ms=figures.overview_ms,
        section_ms=figures.section_ms,
    )
