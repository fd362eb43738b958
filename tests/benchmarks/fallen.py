"""Which ratios are worse than on the page before, by more than a fifth."""

from collections.abc import Iterator
from dataclasses import dataclass

FIFTH = 0.2
# Ratios by what the page calls them; which way is better says whose time stands above the line.
HIGHER = frozenset(
    {"of nginx", "of the registry", "of psql", "of plain", "of the hot row", "of the bound", "of one by one"}
)
LOWER = frozenset({"of bare", "of the bare query", "of both", "times the plain page", "slowest / single"})
_NOT_OURS = frozenset({"upstream alone", "nginx", "nginx proxy_cache"})


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio on the page: under which headline, in which row, in which column."""

    part: str
    row: str
    column: str
    value: float


def fallen(before: str, after: str) -> list[str]:
    """A sentence for each ratio that is worse by more than a fifth; rows that one page lacks say nothing."""
    known = {(each.part, each.row, each.column): each.value for each in _ratios(before)}
    found = []
    for each in _ratios(after):
        then = known.get((each.part, each.row, each.column))
        if then is not None and _is_worse(each.column, then, each.value):
            found.append(f"{each.part}: {each.row}: {each.column} was {then:g}, is {each.value:g}")
    return found


def _is_worse(column: str, then: float, now: float) -> bool:
    return now < then * (1 - FIFTH) if column in HIGHER else now * (1 - FIFTH) > then


def _ratios(page: str) -> Iterator[Ratio]:
    part, columns, place = "", list[str](), 0
    for line in page.splitlines():
        if line.startswith("## "):
            part, columns = line.removeprefix("## "), []
        elif not line.startswith("|"):
            columns = []
        elif not columns:
            columns, place = _cells(line), 0
        else:
            place += 1
            yield from _of_row(part, columns, _cells(line), place)


def _of_row(part: str, columns: list[str], cells: list[str], place: int) -> Iterator[Ratio]:
    if len(cells) != len(columns) or _NOT_OURS & set(cells):
        return
    names = [cell for cell in cells if cell and _number(cell) is None]
    row = ", ".join([f"row {place - 2}", *names])  # the line below the headings is the first
    for column, cell in zip(columns, cells, strict=True):
        value = _number(cell)
        if column in HIGHER | LOWER and value is not None:
            yield Ratio(part, row, column, value)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", ""))
    except ValueError:
        return None
