"""How a name compares with a string: a handful of numbers between 0 and 1, each with a name. No queries here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from klaster_registry.matching.index import Index, Town, town_key
from klaster_registry.matching.reading import Reading, Word
from klaster_registry.matching.vocabulary import vocabulary

FEATURES = (
    "name_found",
    "text_explained",
    "similarity",
    "exact",
    "whole",
    "acronym",
    "telling",
    "city_agrees",
    "city_differs",
    "country_agrees",
    "country_differs",
    "other_kind",
    "kind_missing",
    "hospital_differs",
    "word_missing",
    "word_extra",
    "other_segments",
    "text_left",
    "as_part",
    "misspelt",
    "withdrawn",
    "ends",
)
VETOES = ("hospital_differs", "other_kind")
"""What no likeness makes up for: a university hospital is not its university."""
_EMPTY = frozenset({"stop", "legal", "address", "number"})
_MOST_WORDS = 6  # that others in the same segments are counted up to
_PREFIX = 0.9
_SELDOM = 2  # names with a word that may as well be another one misspelt


@dataclass(slots=True)
class Asked:
    """A question, prepared once for all candidates."""

    words: list[Word]
    numbers: list[int | None]  # of the words, in the index
    weights: list[float]
    places: dict[int, list[tuple[int, float]]]  # word of the index -> where it stands, how surely
    towns: dict[Town, list[int]]
    countries: frozenset[str]
    stated_town: Town | None
    stated_country: str | None
    joined: frozenset[int] = frozenset()
    shortened: list[int] = field(default_factory=list)


def prepare(index: Index, reading: Reading, *, city: str | None, country: str | None) -> Asked:
    """Look the words of a question up, those misspelt by what they may have meant."""
    words = reading.words
    asked = Asked(words, [], [], {}, {}, reading.countries, _town_of(city), country, reading.joined)
    short = vocabulary().short
    for at, word in enumerate(words):
        number = index.number_of(word.stem)
        asked.numbers.append(number)
        asked.weights.append(index.rarest() if number is None else index.weight(number))
        if word.role == "stop":
            continue
        if number is not None:
            asked.places.setdefault(number, []).append((at, 1.0))
        if word.role in {"", "part", "kind"} and (number is None or len(index.names_with(number)) <= _SELDOM):
            for near, likeness in index.corrections(word.text):
                asked.places.setdefault(near, []).append((at, likeness))
        if word.text in short:
            asked.shortened.append(at)
    _find_towns(index, asked)
    return asked


def _town_of(city: str | None) -> Town | None:
    from klaster_registry.search.folding import words_of

    return town_key(words_of(city)) if city and words_of(city) else None


def _find_towns(index: Index, asked: Asked) -> None:
    at = 0
    while at < len(asked.words):
        for length in (3, 2, 1):
            some = asked.words[at : at + length]
            if len(some) < length or some[0].role in _EMPTY or some[0].segment != some[-1].segment:
                continue
            town = town_key([word.text for word in some])
            if index.is_town(town):
                asked.towns.setdefault(town, []).extend(range(at, at + length))
                at += length - 1
                break
        at += 1


@dataclass(slots=True)
class Compared:
    """A name beside the question: its features, and the words of the question that it answers."""

    values: dict[str, float]
    span: frozenset[int]
    is_respelt: bool  # the name is a way of writing it that nobody told us
    town: Town  # of the entity
    groups: frozenset[int]  # of segments, in which it stands
    is_joined: bool  # an `and` stands between it and something else that is no part of it
    is_other: bool  # it may be somebody else beside the one that is meant: no town, no country, no part of it


def compare(index: Index, asked: Asked, name: int, number: int) -> Compared | None:
    """The features of one name of one entity; None where nothing of it is found."""
    words = index.name(name)
    found = _found(index, asked, words)
    if not found:
        return None
    weights = [index.weight(word) for word in words]
    total = sum(weights) or 1.0
    taken = dict(found.values())
    matched = sum(weights[place] * quality for place, (_, quality) in found.items())
    missing = [place for place in range(len(words)) if place not in found]
    town = index.town_of(number)
    extra, part, ends = _extra(asked, taken, town, index.country_of(number))
    extra_weight = sum(asked.weights[at] for at in extra)
    kinds, rarest = vocabulary().kinds, index.rarest()
    exact = not missing and not extra and min(taken.values()) == 1.0
    values = {
        "name_found": matched / total,
        "text_explained": matched / (matched + extra_weight) if matched else 0.0,
        "similarity": _similarity(index, asked, words, taken),
        "exact": float(exact),
        "whole": float(exact and all(at in taken or word.role in _EMPTY for at, word in enumerate(asked.words))),
        "acronym": float(index.is_acronym(name)),
        "telling": min(1.0, matched / (2.5 * rarest)),
        **_places(asked, taken, town, index.country_of(number)),
        "other_kind": float(any(asked.words[at].role == "kind" for at in extra)),
        "kind_missing": float(any(index.stems[words[place]] in kinds for place in missing)),
        "hospital_differs": float(_hospital_differs(index, asked, extra, [words[place] for place in missing])),
        "word_missing": max((weights[place] for place in missing), default=0.0) / rarest,
        "word_extra": max((asked.weights[at] for at in extra), default=0.0) / rarest,
        "other_segments": float(_other_kinds(asked, taken)),
        "text_left": _left(asked, taken, town, matched),
        "as_part": float(part),
        "misspelt": 1.0 - min(taken.values()),
        "withdrawn": float(index.withdrawn[number]),
        "ends": float(ends),
    }
    towns = {place for places in asked.towns.values() for place in places}
    is_other = not part and any(asked.words[at].role in {"", "kind"} and at not in towns for at in taken)
    groups = frozenset(asked.words[at].group for at in taken)
    return Compared(values, frozenset(taken), index.is_respelt(name), town, groups, _is_joined(asked, groups), is_other)


def _is_joined(asked: Asked, groups: frozenset[int]) -> bool:
    sides = {side for group in asked.joined for side in (group - 1, group)} if asked.joined else set()
    if groups >= sides or groups.isdisjoint(sides):
        return False
    others = {word.group: word for word in reversed(asked.words) if word.group in sides - groups}
    return any(first.role != "part" for first in others.values())


def _found(index: Index, asked: Asked, words: Sequence[int]) -> dict[int, tuple[int, float]]:
    """For each word of the name that stands in the question: where, next to the one that tells most."""
    places = asked.places
    known = [(place, places[word]) for place, word in enumerate(words) if word in places]
    if not known:
        return {}
    anchor_place, anchor_found = max(known, key=lambda pair: (index.weight(words[pair[0]]), -pair[0]))
    anchor = anchor_found[0][0]
    found: dict[int, tuple[int, float]] = {}
    used: set[int] = set()
    for place, where in known:
        expected = anchor + place - anchor_place
        free = [pair for pair in where if pair[0] not in used]
        if free:
            found[place] = min(free, key=lambda pair: (abs(pair[0] - expected), -pair[1]))
            used.add(found[place][0])
    for at in asked.shortened:
        if at not in used:
            beginning = asked.words[at].text
            for place, word in enumerate(words):
                if place not in found and index.stems[word].startswith(beginning):
                    # `Univ.` is nothing else; `Tech.` may be.
                    found[place] = (at, 1.0 if index.stems[word] in vocabulary().kinds else _PREFIX)
                    used.add(at)
                    break
    _add_initials(index, asked, words, found)
    return found


def _add_initials(index: Index, asked: Asked, words: Sequence[int], found: dict[int, tuple[int, float]]) -> None:
    """`J. Maja` is `Jerzego Maja`: one letter, right in front of a word that was found."""
    for place, (at, _) in sorted(found.items()):
        before = asked.words[at - 1] if at else None
        if before is None or place == 0 or place - 1 in found or len(before.text) > 1:
            continue
        if index.stems[words[place - 1]].startswith(before.text) and before.segment == asked.words[at].segment:
            found[place - 1] = (at - 1, _PREFIX)


def _extra(asked: Asked, taken: Mapping[int, float], town: Town, country: str | None) -> tuple[list[int], bool, bool]:
    """Words beside the name in its segments that it does not explain; whether a part of it stands in front (`Wydział
    ... Uniwersytetu`); whether the name ends its segment."""
    segments = {asked.words[at].segment for at in taken if asked.words[at].role != "town"}
    own_town = set(asked.towns.get(town, ()))
    first: dict[int, int] = {}
    for at in sorted(taken):
        first.setdefault(asked.words[at].segment, at)
    extra, part = [], False
    begun: dict[int, bool] = {}
    last = max(taken)
    ends = True
    for at, word in enumerate(asked.words):
        if word.segment not in segments:
            continue
        if word.role == "part" and at < first[word.segment] and at not in taken:
            begun[word.segment] = True
            part = True
        if (
            at in taken
            or word.role in _EMPTY
            or len(word.text) == 1
            or at in own_town
            or (word.role == "country" and at > last)
        ):
            continue
        if begun.get(word.segment) and at < first[word.segment] and word.role != "kind":
            continue
        if at > last:
            ends = False
        extra.append(at)
    return extra, part, ends


def _similarity(index: Index, asked: Asked, words: Sequence[int], taken: Mapping[int, float]) -> float:
    span = " ".join(
        asked.words[at].stem for at in range(min(taken), max(taken) + 1) if asked.words[at].role not in _EMPTY
    )
    return fuzz.ratio(" ".join(index.stems[word] for word in words), span) / 100


def _places(asked: Asked, taken: Mapping[int, float], town: Town, country: str | None) -> dict[str, float]:
    others = [name for name, places in asked.towns.items() if name != town and not taken.keys() & set(places)]
    agrees = town in asked.towns if asked.stated_town is None else asked.stated_town == town
    differs = bool(others) if asked.stated_town is None else asked.stated_town != town
    said = frozenset({asked.stated_country}) if asked.stated_country else asked.countries
    return {
        "city_agrees": float(bool(town) and agrees),
        "city_differs": float(bool(town) and differs and not agrees),
        "country_agrees": float(country in said),
        "country_differs": float(bool(said) and country is not None and country not in said),
    }


def _other_kinds(asked: Asked, taken: Mapping[int, float]) -> bool:
    """Whether something else that may be an organisation is named in other segments."""
    own = {asked.words[at].segment for at in taken}
    return any(word.role == "kind" and word.segment not in own for word in asked.words)


def _hospital_differs(index: Index, asked: Asked, extra: Sequence[int], missing: Sequence[int]) -> bool:
    hospitals = vocabulary().hospitals
    said = {asked.words[at].stem for at in extra} | {index.stems[word] for word in missing}
    return not hospitals.isdisjoint(said)


def _left(asked: Asked, taken: Mapping[int, float], town: Town, matched: float) -> float:
    """The weight of what other segments say that is neither a place nor a part of somebody."""
    own = {asked.words[at].segment for at in taken}
    excused = own | {word.segment for word in asked.words if word.role in {"part", "address"}}
    places = {at for found in asked.towns.values() for at in found}
    left = sum(
        asked.weights[at]
        for at, word in enumerate(asked.words)
        if word.segment not in excused and word.role in {"", "kind"} and at not in places
    )
    return left / (left + matched) if left else 0.0
