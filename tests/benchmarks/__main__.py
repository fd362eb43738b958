"""`make bench`: measures, prints the page, and writes it to docs/benchmarks.md."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks import (
    cached,
    checkin,
    export,
    forwarding,
    imports,
    indicators,
    matching,
    meetings,
    registry,
    search,
    stack,
    storm,
    suggestions,
)
from tests.benchmarks.fallen import fallen
from tests.benchmarks.machine import missing_peers
from tests.benchmarks.report import page, renewed

ENOUGH = 7  # fewer rounds show that it works, not how fast it is
LONG_ENOUGH = 2.0  # seconds a measurement
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def say(sentence: str) -> None:
    """What is going on, beside the page on standard output."""
    print(sentence, file=sys.stderr, flush=True)


def _rounds(measure: Callable[..., Any], room: str = "") -> Callable[[argparse.Namespace, Path], Any]:
    """A part that is measured in rounds, in a folder of its own where it says so."""
    return lambda given, folder: measure(folder / room, rounds=given.rounds, seconds=given.seconds, say=say)


# By part: what the page calls its figures, and how they are measured. The stack first: it is over soon, and a failure
# there should not cost the rest.
_PARTS: dict[str, tuple[str, Callable[[argparse.Namespace, Path], Any]]] = {
    "stack": ("stack", lambda given, folder: stack.measure(folder / "stack", seconds=given.seconds, say=say)),
    "forwarding": ("comparisons", _rounds(forwarding.measure)),
    "cached": ("cached", _rounds(cached.measure, "cached")),
    "registry": ("registry", _rounds(registry.measure)),
    "search": ("search", _rounds(search.measure)),
    "indicators": ("indicators", _rounds(indicators.measure)),
    "storm": ("storm", _rounds(storm.measure)),
    "checkin": ("checkin", lambda given, folder: checkin.measure(folder, rounds=given.rounds, say=say)),
    "matching": ("matching", lambda given, folder: matching.measure(folder, say=say, path=given.records)),
    "export": ("export", lambda given, folder: export.measure(folder / "export", rounds=given.rounds, say=say)),
    "meetings": ("meetings", lambda given, folder: meetings.measure(say=say)),
    "suggestions": ("suggestions", _rounds(suggestions.measure)),
    "import": ("taken_in", lambda given, folder: imports.measure(folder / "import", say=say, path=given.records)),
}


def main() -> int:
    """Measure every part; ROUNDS and SECONDS come from the environment or as options. 1 where a ratio has fallen."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS") or ENOUGH))
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or LONG_ENOUGH))
    parser.add_argument("--only", choices=list(_PARTS), help="measure one part and print it")
    parser.add_argument("--records", type=Path, default=matching.POLAND, help="ROR records to match and to import")
    parser.add_argument("--write", action="store_true", help="put the part that is measured alone on the page")
    given = parser.parse_args()
    busy = os.getloadavg()[0]
    for sentence in missing_peers():
        say(f"{sentence}; going on without it")
    with tempfile.TemporaryDirectory(prefix="klaster-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx drops its privileges, and reads its page here
        measured = {
            argument: measure(given, folder) if given.only in (None, part) else None
            for part, (argument, measure) in _PARTS.items()
        }
    options = [f"ROUNDS={given.rounds}"] if given.rounds != ENOUGH else []
    options += [f"SECONDS={given.seconds:g}"] if given.seconds != LONG_ENOUGH else []
    command = " ".join(["make bench", *options])
    day = datetime.now(UTC).date().isoformat()
    text = page(
        command=command,
        day=day,
        rounds=given.rounds,
        seconds=given.seconds,
        **measured,
        busy=busy,
    )
    print(text)
    before = PAGE.read_text(encoding="utf-8")
    worse = fallen(before, text)
    for sentence in worse:
        say(f"worse by more than a fifth: {sentence}")
    if given.only is not None and given.write:
        PAGE.write_text(renewed(before, text, day=day, busy=busy), encoding="utf-8")
        say(f"part written to {PAGE}")
    if given.only is None and given.rounds >= ENOUGH:
        PAGE.write_text(text, encoding="utf-8")
        say(f"written to {PAGE}")
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())
