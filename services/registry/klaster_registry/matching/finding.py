"""From a question to scored candidates: which names to compare, and what they come to. No queries here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Literal

import yaml

from klaster_registry.matching.features import FEATURES, VETOES, Asked, Compared, compare, prepare
from klaster_registry.matching.index import Index
from klaster_registry.matching.reading import Reading

_WEIGHTS = Path(__file__).with_name("weights.yaml")
_READ = 6_000  # names that are looked at for one question: the rarest words lead to few
_COMPARED = 40  # names that are compared in full
_WINDOW = 12  # words of a name that is looked up as a whole


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature counts for, and from where on a candidate is a match: learnt, never written by hand."""

    bias: float
    features: Mapping[str, float]
    threshold: float
    margin: float
    several: float

    def odds(self, values: Mapping[str, float]) -> float:
        """How likely the candidate is the right one, as a logarithm of odds."""
        weights = self.features
        return self.bias + sum(weights[name] * value for name, value in values.items())


def probability(odds: float) -> float:
    """Between 0 and 1."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))


@cache
def weights() -> Weights:
    """As they are committed."""
    said = yaml.safe_load(_WEIGHTS.read_text(encoding="utf-8"))
    return Weights(
        said["bias"],
        {name: said["features"][name] for name in FEATURES},
        said["threshold"],
        said["margin"],
        said["several"],
    )


@dataclass(slots=True)
class Candidate:
    """An entity that a question may mean."""

    number: int
    odds: float
    values: dict[str, float]
    name: Compared


def candidates(
    index: Index, reading: Reading, *, city: str | None, country: str | None, counted: Weights
) -> list[Candidate]:
    """The most likely entities, the best first; equals in the order in which they came to be known."""
    asked = prepare(index, reading, city=city, country=country)
    best: dict[int, Candidate] = {}
    for name in _names(index, asked):
        number = index.name_owner[name]
        if not index.is_there(number):
            continue
        compared = compare(index, asked, name, number)
        if compared is None:
            continue
        odds = counted.odds(compared.values)
        known = best.get(number)
        if known is None or (odds, not compared.is_respelt) > (known.odds, not known.name.is_respelt):
            best[number] = Candidate(number, odds, compared.values, compared)
    return sorted(best.values(), key=lambda one: (-one.odds, one.number))


def _names(index: Index, asked: Asked) -> list[int]:
    """Names that are worth comparing: those that stand there whole, and those that share the most telling words."""
    whole = dict.fromkeys(_whole(index, asked))
    reached: dict[int, float] = {}
    left = _READ
    for word in sorted(asked.places, key=lambda one: len(index.names_with(one))):
        names = index.names_with(word)
        if reached and len(names) > left:
            break
        weight = index.weight(word) * max(quality for _, quality in asked.places[word])
        for name in names[:left] if len(names) > left else names:
            reached[name] = reached.get(name, 0.0) + weight
        left -= len(names)
    weigh = index.name_weight
    order = sorted(reached, key=lambda name: (-reached[name] * reached[name] / (weigh[name] or 1.0), name))
    return list(dict.fromkeys([*list(whole)[: 2 * _COMPARED], *order[:_COMPARED]]))


def _whole(index: Index, asked: Asked) -> Iterator[int]:
    said = [asked.numbers[at] for at, word in enumerate(asked.words) if word.role not in {"stop", "legal"}]
    for begin in range(len(said)):
        for end in range(begin + 1, min(len(said), begin + _WINDOW) + 1):
            if said[end - 1] is None:
                break
            yield from index.whole(said[begin:end])  # type: ignore[arg-type] # none of them is None


# What tells against a candidate only because somebody else is named in the same string.
_OTHERS = ("other_segments", "text_left", "city_differs", "country_differs")
_ELSEWHERE = ("city_differs", "country_differs", "acronym")
_RIVALS = 10
Verdict = Literal["match", "nothing", "unlikely", "other_kind", "ambiguous", "several"]


def decide(found: Sequence[Candidate], counted: Weights) -> tuple[Candidate | None, Verdict]:
    """The one candidate that is a match, or why none is.

    Nobody is the match of a string that names two organisations one after the other: either would be half of the truth.
    """
    if not found:
        return None, "nothing"
    best = _namesake(found) or found[0]
    if _names_another(best, found, counted):
        return None, "several"
    if not best.values["whole"] or any(best.values[name] for name in _ELSEWHERE):
        if counted.odds({**best.values, **dict.fromkeys(VETOES, 0.0)}) < counted.threshold:
            return None, "unlikely"
        if any(best.values[veto] for veto in VETOES):
            return None, "other_kind"
    for rival in found[:_RIVALS]:
        if rival is best or rival.name.span < best.name.span:
            continue  # a part of the better one's name: `University of London` in `Goldsmiths University of London`
        if rival.name.is_respelt and not best.name.is_respelt:
            continue  # that is the better one's own name, and only another way of writing the rival's
        if rival.name.span & best.name.span and best.odds - rival.odds < counted.margin:
            return None, "ambiguous"
    return best, "match"


def _names_another(best: Candidate, found: Sequence[Candidate], counted: Weights) -> bool:
    """Whether the string names two organisations, each of which would be likely if it stood there alone."""

    def is_likely_alone(one: Candidate) -> bool:
        alone = {**one.values, **dict.fromkeys(_OTHERS, 0.0)}
        return one.name.is_other and counted.odds(alone) >= counted.several

    others = [one for one in found[:_RIVALS] if one is not best and not one.name.span & best.name.span]
    if best.name.is_joined:
        return True
    for one in others:  # `AGH; Politechnika Krakowska`: by itself an acronym is seldom likely
        is_apart = best.name.groups.isdisjoint(one.name.groups) or best.name.town == one.name.town != ()
        if one.values["exact"] and one.name.is_other and is_apart:
            return True
    return any(map(is_likely_alone, others)) and counted.odds({**best.values, **dict.fromkeys(_OTHERS, 0.0)}) >= 0


def _namesake(found: Sequence[Candidate]) -> Candidate | None:
    """Whoever alone is called exactly what was asked, word for word."""
    whole = [one for one in found if one.values["whole"] and not one.values["acronym"] and not one.name.is_respelt]
    return whole[0] if len(whole) == 1 else None
