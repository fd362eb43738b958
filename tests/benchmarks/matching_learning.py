"""Learns what each feature of matching counts for, and where a match begins, on one half of the organisations.

`python -m tests.benchmarks.matching_page --records FILE --learn` writes `weights.yaml` of the registry's matching.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from klaster_registry.matching.features import FEATURES
from klaster_registry.matching.finding import Candidate, Weights, candidates, decide
from klaster_registry.matching.index import Index
from klaster_registry.matching.reading import read
from tests.benchmarks.matching_data import Question

# What must not count the other way round, however the sample falls: a difference never speaks for a candidate.
FOR = {
    "name_found", "text_explained", "similarity", "exact", "whole", "telling", "city_agrees", "country_agrees", "ends",
}  # fmt: skip
PRECISION = 0.99  # asked for on the half that is learnt from; what is left of it on the other half is measured
RIDGE = 1.0
START = Weights(
    -12.0,
    dict.fromkeys(FEATURES, -1.0)
    | {"name_found": 8.0, "text_explained": 7.0, "similarity": 3.0, "telling": 2.0, "exact": 2.0, "city_agrees": 1.5}
    | {"whole": 1.0, "country_agrees": 1.0, "ends": 0.0, "word_missing": -4.0, "word_extra": -4.0},
    threshold=0.0,
    margin=0.5,
    several=1.0,
)


@dataclass(frozen=True)
class Learnt:
    """The weights, and what they come to where they were learnt."""

    weights: Weights
    precision: float
    recall: float


def learn(index: Index, questions: Sequence[Question], keys: Mapping[int, str]) -> Learnt:
    """Fit twice, the second time to the candidates that the first fit finds; then choose where a match begins."""
    counted = START
    for _ in range(2):
        found = [_found(index, question, counted)[:5] for question in questions]
        counted = _fitted(questions, found, keys)
    found = [_found(index, question, counted)[:10] for question in questions]
    best: Learnt | None = None
    starts, margins, severals = (-1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2), (0.25, 0.5, 1, 2), (0, 1, 2)
    for threshold, margin, several in product(starts, margins, severals):
        chosen = replace(counted, threshold=float(threshold), margin=float(margin), several=float(several))
        precision, recall = _measured(questions, found, keys, chosen)
        if precision >= PRECISION and (best is None or recall > best.recall):
            best = Learnt(chosen, precision, recall)
    assert best is not None, "no threshold reaches the precision that is asked for"
    return best


def _found(index: Index, question: Question, counted: Weights) -> list[Candidate]:
    return candidates(index, read(question.name), city=question.city, country=question.country, counted=counted)


def _fitted(questions: Sequence[Question], found: Sequence[Sequence[Candidate]], keys: Mapping[int, str]) -> Weights:
    pairs = [
        ([1.0, *(one.values[name] for name in FEATURES)], float(keys[one.number] == question.expected))
        for question, ones in zip(questions, found, strict=True)
        if question.kind != "two organisations"
        for one in ones
    ]
    values, right = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    signs = np.array([0.0, *(1.0 if name in FOR else -1.0 for name in FEATURES)])
    kept = np.ones(len(signs), bool)
    while True:
        fitted = np.zeros(len(signs))
        fitted[kept] = _logistic(values[:, kept], right)
        if (fitted * signs >= 0).all():
            break
        kept[np.argmin(fitted * signs)] = False
    by_name = {name: round(float(value), 3) + 0.0 for name, value in zip(FEATURES, fitted[1:], strict=True)}
    return replace(START, bias=round(float(fitted[0]), 3), features=by_name)


def _logistic(values: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Newton's method, with a ridge that keeps what is rare from counting without bound."""
    fitted = np.zeros(values.shape[1])
    for _ in range(15):
        likely = 1 / (1 + np.exp(-np.clip(values @ fitted, -30, 30)))
        curve = likely * (1 - likely) + 1e-9
        step = values.T @ (right - likely) - RIDGE * fitted
        fitted += np.linalg.solve((values * curve[:, None]).T @ values + RIDGE * np.eye(len(fitted)), step)
    return fitted


def _measured(
    questions: Sequence[Question], found: Sequence[Sequence[Candidate]], keys: Mapping[int, str], counted: Weights
) -> tuple[float, float]:
    right = wrong = 0
    for question, ones in zip(questions, found, strict=True):
        best, _ = decide(ones, counted)
        if best is not None:
            right += keys[best.number] == question.expected
            wrong += keys[best.number] != question.expected
    asked = sum(question.expected is not None for question in questions)
    return right / max(1, right + wrong), right / max(1, asked)


def as_yaml(learnt: Learnt) -> str:
    """As the service reads them."""
    lines = [
        "# Made by `python -m tests.benchmarks.matching_page --records FILE --learn`: learnt on half of the",
        "# organisations of a sample of ROR. Logarithms of odds: above 0 a candidate is more likely right than wrong.",
        f"bias: {learnt.weights.bias}",
        f"threshold: {learnt.weights.threshold}",
        f"margin: {learnt.weights.margin}",
        f"several: {learnt.weights.several}",
        "features:",
        *(f"  {name}: {value}" for name, value in learnt.weights.features.items()),
    ]
    return "\n".join(lines) + "\n"
