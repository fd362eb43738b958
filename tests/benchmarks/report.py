"""The page that is printed and kept: docs/benchmarks.md."""

from collections.abc import Sequence

from tests.benchmarks.export import ExportFigures, export_part
from tests.benchmarks.forwarding import Comparison
from tests.benchmarks.load import generator
from tests.benchmarks.machine import description, missing_peers
from tests.benchmarks.registry import CONNECTIONS, RegistryFigures
from tests.benchmarks.rounds import Row
from tests.benchmarks.search import SearchFigures
from tests.benchmarks.search_page import search_part
from tests.benchmarks.stack import StackFigures

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
STACK = """## The stack

As `make run` starts it with SQLite and its demonstration, all four services and this load on the same cores.

| start | ready after s | seeded after s |
|---|---|---|
| cold, empty folder | {cold_ready:.1f} | {cold_seeded:.1f} |
| warm, data there | {warm_ready:.1f} | {warm_seeded:.1f} |

| resident memory, MB | after start | after the load below |
|---|---|---|
{memory}

| page through the gateway | connections | requests/s | p50 ms | p99 ms |
|---|---|---|---|---|
{pages}
"""


def page(
    *,
    command: str,
    day: str,
    rounds: int,
    seconds: float,
    comparisons: Sequence[Comparison],
    stack: StackFigures | None,
    registry: RegistryFigures | None,
    search: SearchFigures | None,
    export: ExportFigures | None,
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
    parts += [_comparison(comparison) for comparison in comparisons]
    if registry is not None:
        parts.append(_registry(registry))
    if search is not None:
        parts.append(search_part(search))
    if export is not None:
        parts.append(export_part(export))
    if stack is not None:
        parts.append(_stack(stack))
    return "\n".join(parts)


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


def _stack(figures: StackFigures) -> str:
    before, after = figures.memory_mb, figures.memory_after_load_mb
    memory = [f"| {name} | {before[name]:.0f} | {after[name]:.0f} |" for name in before]
    memory.append(f"| all | {sum(before.values()):.0f} | {sum(after.values()):.0f} |")
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
    )
