"""What matching came to, as a part of the page; and a command of its own, to measure it alone, or to learn anew.

`python -m tests.benchmarks.matching_page [--records FILE]` measures; `--learn` learns the weights anew. Without a file
it takes the Polish organisations that are in the repository: they show that it works, and are too few for its figures.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.matching import ENOUGH, POLAND, WEIGHTS, Kind, MatchingFigures, learnt, measure
from tests.benchmarks.matching_data import records

PART = """## Matching

`make bench ARGS="--only matching --records FILE --write"`, here with a sample of {total:,} organisations of ROR, which
is no part of the repository; without a file it takes the Polish ones that are (too few for figures). The questions are
made from the organisations' own names by `tests/benchmarks/matching_data.py`, the same on every run. {left_out:,}
organisations are in no registry: whatever is matched to them is wrong. Of the {entities:,} inside, weights and
thresholds were learnt on one half; below are the {asked:,} questions about the other half, and half of those about
whoever is left out.

`match: true` is right in **{precision:.4f}** of all cases where it is given, and given and right for
**{recall:.4f}** of the questions that have an answer; the answer is among the first five candidates of
{among_five:.4f}.

| question | asked | matched rightly | wrongly |
|---|---|---|---|
{kinds}

A thousand of these strings in two batches: the time of one core that the service's process takes, SQLite's work in
it, the median of three; PostgreSQL's own side, a few statements, is not in it.

| engine | entities | s of a core | transactions a batch | index made in s |
|---|---|---|---|---|
{speeds}
"""


def matching_part(figures: MatchingFigures) -> str:
    """The part in Markdown."""
    kinds = [_kind_row(one) for one in figures.kinds]
    speeds = [
        f"| {one.engine} | {one.entities:,} | {one.seconds:.2f} | {one.statements} | {one.made_in:.1f} |"
        for one in figures.speeds
    ]
    shown = ("left_out", "entities", "asked", "precision", "recall", "among_five")
    named = {name: getattr(figures, name) for name in shown}
    total = figures.entities + figures.left_out
    return PART.format(**named, total=total, kinds="\n".join(kinds), speeds="\n".join(speeds))


def _kind_row(kind: Kind) -> str:
    name = kind.name if kind.has_answer else f"{kind.name}, nobody meant"
    return f"| {name} | {kind.asked:,} | {kind.right if kind.has_answer else ''} | {kind.wrong} |"


def say(sentence: str) -> None:
    """What is going on, beside the page on standard output."""
    print(sentence, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, or learn."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.matching_page", description=__doc__)
    parser.add_argument(
        "--records", type=Path, default=POLAND, help="ROR records, one a line; gzip where it ends in .gz"
    )
    parser.add_argument("--learn", action="store_true", help=f"write {WEIGHTS.name} anew")
    given = parser.parse_args()
    if given.learn and given.records == POLAND:
        parser.error("learning takes more organisations than the repository has: --records FILE")
    if given.learn:
        found = records(given.records)
        WEIGHTS.write_text(learnt(found, max(1, len(found) * 4 // ENOUGH), say), encoding="utf-8")
        return
    with tempfile.TemporaryDirectory(prefix="klaster-bench-") as name:
        print(matching_part(measure(Path(name), say=say, path=given.records)))


if __name__ == "__main__":
    main()
