"""`make bench`: measures, prints the page, and writes it to docs/benchmarks.md."""

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import (
    cached,
    checkin,
    export,
    forwarding,
    imports,
    indicators,
    matching,
    registry,
    search,
    stack,
    storm,
)
from tests.benchmarks.machine import missing_peers
from tests.benchmarks.report import page, renewed

ENOUGH = 7  # fewer rounds show that it works, not how fast it is
LONG_ENOUGH = 2.0  # seconds a measurement
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    """Measure every part; ROUNDS and SECONDS come from the environment or as options."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS") or ENOUGH))
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or LONG_ENOUGH))
    parser.add_argument(
        "--only",
        choices=[
            "forwarding",
            "cached",
            "stack",
            "registry",
            "search",
            "indicators",
            "storm",
            "checkin",
            "matching",
            "export",
            "import",
        ],
        help="measure one part and print it",
    )
    parser.add_argument("--records", type=Path, default=matching.POLAND, help="ROR records to match and to import")
    parser.add_argument("--write", action="store_true", help="put the part that is measured alone on the page")
    given = parser.parse_args()
    busy = os.getloadavg()[0]
    for sentence in missing_peers():
        say(f"{sentence}; going on without it")
    with tempfile.TemporaryDirectory(prefix="klaster-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx drops its privileges, and reads its page here
        # The stack first: it is over soon, and a failure there should not cost the rest.
        figures = None
        if given.only in (None, "stack"):
            figures = stack.measure(folder / "stack", seconds=given.seconds, say=say)
        comparisons = []
        if given.only in (None, "forwarding"):
            comparisons = forwarding.measure(folder, rounds=given.rounds, seconds=given.seconds, say=say)
        kept = None
        if given.only in (None, "cached"):
            kept = cached.measure(folder / "cached", rounds=given.rounds, seconds=given.seconds, say=say)
        large = None
        if given.only in (None, "registry"):
            large = registry.measure(folder, rounds=given.rounds, seconds=given.seconds, say=say)
        found = None
        if given.only in (None, "search"):
            found = search.measure(folder, rounds=given.rounds, seconds=given.seconds, say=say)
        cards = None
        if given.only in (None, "indicators"):
            cards = indicators.measure(folder, rounds=given.rounds, seconds=given.seconds, say=say)
        rush = None
        if given.only in (None, "storm"):
            rush = storm.measure(folder, rounds=given.rounds, seconds=given.seconds, say=say)
        door = None
        if given.only in (None, "checkin"):
            door = checkin.measure(folder, rounds=given.rounds, say=say)
        matched = None
        if given.only in (None, "matching"):
            matched = matching.measure(folder, say=say, path=given.records)
        exported = None
        if given.only in (None, "export"):
            exported = export.measure(folder / "export", rounds=given.rounds, say=say)
        taken_in = None
        if given.only in (None, "import"):
            taken_in = imports.measure(folder / "import", say=say, path=given.records)
    options = [f"ROUNDS={given.rounds}"] if given.rounds != ENOUGH else []
    options += [f"SECONDS={given.seconds:g}"] if given.seconds != LONG_ENOUGH else []
    command = " ".join(["make bench", *options])
    day = datetime.now(UTC).date().isoformat()
    text = page(
        command=command,
        day=day,
        rounds=given.rounds,
        seconds=given.seconds,
        comparisons=comparisons,
        cached=kept,
        stack=figures,
        registry=large,
        search=found,
        indicators=cards,
        storm=rush,
        checkin=door,
        matching=matched,
        export=exported,
        taken_in=taken_in,
        busy=busy,
    )
    print(text)
    if given.only is not None and given.write:
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), text, day=day, busy=busy), encoding="utf-8")
        say(f"part written to {PAGE}")
    if given.only is None and given.rounds >= ENOUGH:
        PAGE.write_text(text, encoding="utf-8")
        say(f"written to {PAGE}")


def say(sentence: str) -> None:
    """What is going on, beside the page on standard output."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
