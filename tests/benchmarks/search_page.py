"""What the search came to, as a part of the page; and a command of its own, to measure it alone."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.search import MANY, SOME, SearchFigures, measure

PART = """## The search

Inside the driver's calls, {entries:,} entries on PostgreSQL, {asked}: the bare query reads 20 ids
from a table of names with the same index, the search reads a page of 20 with everything that it shows, and only what
the caller may see.

| question | bare p50 / p99 ms | search p50 / p99 ms | of the bare query |
|---|---|---|---|
{calls}

Over HTTP, {some:,} entries, one connection: `/health/live` and the search's own query together are what cannot be
spared.

| engine | question | /health/live ms | query ms | answer ms | of both |
|---|---|---|---|---|---|
{answers}

{misspelt} names with one slip of the keyboard, {some:,} entries: the share that is found.

| engine | among the first ten | first | p50 / p99 ms |
|---|---|---|---|
{recalls}
"""


def search_part(figures: SearchFigures) -> str:
    """The part in Markdown."""
    calls = [
        f"| {one.name} | {one.bare[0]:.2f} / {one.bare[1]:.1f} | {one.ours[0]:.2f} / {one.ours[1]:.1f} "
        f"| {one.ratio:.2f} |"
        for one in figures.calls
    ]
    answers = [
        f"| {one.engine} | {one.q} | {one.health:.2f} | {one.query:.2f} | {one.whole:.2f} | {one.ratio:.2f} |"
        for one in figures.answers
    ]
    recalls = [
        f"| {one.engine} | {one.among_ten:.3f} | {one.first:.3f} | {one.took[0]:.1f} / {one.took[1]:.1f} |"
        for one in figures.recalls
    ]
    return PART.format(
        entries=figures.entries,
        asked="a hundred questions in turn",
        some=SOME,
        misspelt=figures.recalls[0].asked if figures.recalls else 0,
        calls="\n".join(calls),
        answers="\n".join(answers),
        recalls="\n".join(recalls),
    )


def main() -> None:
    """Measure the search alone and print its part of the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.search_page", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--entries", type=int, default=MANY)
    parser.add_argument("--names", type=Path, help="a ROR file to take names from, JSON lines, packed or not")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="klaster-search-") as folder:
        figures = measure(
            Path(folder),
            rounds=given.rounds,
            seconds=given.seconds,
            count=given.entries,
            names=given.names,
            say=lambda sentence: print(sentence, file=sys.stderr, flush=True),
        )
    print(search_part(figures))


if __name__ == "__main__":
    main()
