"""Every fault, one after the other: `make faults` prints the table, ARGS=--write puts it into docs/operations.md."""

import argparse
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.drill.drilling import Seen, drill, processors, scene
from tests.faults.drill.load import Load, endings
from tests.faults.drill.scenarios import FAULTS

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
HEAD = (
    "| what happened | for s | requests | of them failed | slowest s | acknowledged writes lost | well after s |\n"
    "|---|---|---|---|---|---|---|"
)


def main() -> int:
    """1 where an acknowledged write was lost, or something never became well."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/operations.md")
    parser.add_argument("--only", default="", help="a regular expression: faults whose name has it")
    asked = parser.parse_args()
    seen, left = [], []
    with tempfile.TemporaryDirectory(prefix="klaster-faults-") as folder, scene(Path(folder)) as set_up:
        for fault in (each for each in FAULTS if re.search(asked.only, each.name)):
            if reason := fault.needs(set_up):
                left.append(f"Not tried here: {fault.name} ({reason}).")
                continue
            with Load(set_up.stack.url, set_up.stack.admin_key) as load:
                seen.append(drill(set_up, fault, load))
            print(_row(seen[-1]), flush=True)
    if asked.write:
        _write([HEAD, *map(_row, seen)], left)
    print("\n".join(left))
    return int(any(each.lost or each.well_after is None for each in seen))


def _row(seen: Seen) -> str:
    slowest = max(each.seconds for each in seen.asked)
    well = "never" if seen.well_after is None else f"{seen.well_after:.1f}"
    cells = (
        seen.fault.name,
        f"{seen.fault.seconds:g}",
        len(seen.asked),
        endings(seen.asked),
        f"{slowest:.1f}",
        seen.lost,
    )
    return f"| {' | '.join(map(str, cells))} | {well} |"


def _write(table: list[str], left: list[str]) -> None:
    made = f"Made on {datetime.now(UTC):%Y-%m-%d} with {processors()} cores by `make faults ARGS=--write`."
    text = "\n".join(["<!-- faults: begin -->", *table, "", made, *left, "<!-- faults: end -->"])
    page = PAGE.read_text()
    PAGE.write_text(re.sub(r"<!-- faults: begin -->.*<!-- faults: end -->", lambda _: text, page, flags=re.DOTALL))


if __name__ == "__main__":
    sys.exit(main())
