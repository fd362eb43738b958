"""How good a schedule could be at most: the linear relaxation, solved by HiGHS, and made safe against its rounding."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any

import highspy
import numpy as np

from klaster_events.scheduling.problem import Forum, slots_in


@dataclass(slots=True)
class _Rows:
    """What no schedule may exceed, each with the places that it bounds."""

    most: list[int] = field(default_factory=list)
    _numbers: dict[tuple[object, ...], int] = field(default_factory=dict)

    def number(self, key: tuple[object, ...], most: int) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self.most)
            self.most.append(most)
        return self._numbers[key]


def upper_bound(forum: Forum, worth: Sequence[int], *, seconds: float) -> int:
    """No schedule is worth more than this; close to the best where `seconds` were enough, safe in any case.

    Any prices of the rules bound a maximum from above (weak duality), so the solver may be quick and inexact: what is
    answered is computed from its prices, not from what it says of itself.
    """
    rows, columns, value = _Rows(), [], []
    for number, wish in enumerate(forum.wishes):
        for slot in slots_in(forum.common(wish)):
            column = [rows.number(("wish", number), 1)]
            for person in (wish.first, wish.second):
                column.append(rows.number(("person", person, slot), 1))
                if (most := forum.people[person].most) is not None:
                    column.append(rows.number(("most", person), most))
            if wish.at_a_table:
                column.append(rows.number(("tables", slot), forum.tables[slot]))
            columns.append(column)
            value.append(float(worth[number]))
    if not columns:
        return 0
    limits, worths = np.array(rows.most, float), np.array(value)
    starts = np.cumsum([0, *map(len, columns)])
    index = np.concatenate([np.array(column) for column in columns])
    prices = _prices(limits, worths, starts, index, seconds)
    left = worths - np.add.reduceat(prices[index], starts[:-1])
    # Worths are whole numbers, and so is the best; the sum may miss one by what floats lose, far less than this.
    return floor(float(limits @ prices + np.maximum(left, 0.0).sum()) + 1e-6)


def _prices(most: np.ndarray, worths: np.ndarray, starts: np.ndarray, index: np.ndarray, seconds: float) -> np.ndarray:
    """What one more of each rule would be worth, about."""
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, said in {"output_flag": False, "solver": "pdlp", "threads": 1, "time_limit": seconds}.items():
        solver.setOptionValue(option, said)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(worths), len(most)
    model.col_cost_ = -worths
    model.col_lower_, model.col_upper_ = np.zeros(len(worths)), np.full(len(worths), highspy.kHighsInf)
    model.row_lower_, model.row_upper_ = np.full(len(most), -highspy.kHighsInf), most
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = starts, index
    model.a_matrix_.value_ = np.ones(len(index))
    solver.passModel(model)
    solver.run()
    duals = np.array(solver.getSolution().row_dual)
    if len(duals) != len(most):
        return np.zeros(len(most))
    prices: np.ndarray = np.maximum(-duals, 0.0)
    return prices
