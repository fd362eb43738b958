"""The names of all entities as matching looks them up, in memory: flat arrays, a few hundred bytes an entity.

No queries here: `following` fills it, and keeps it up to date by the change log.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA

from klaster_registry.matching.reading import name_words
from klaster_registry.matching.spellings import spellings
from klaster_registry.matching.vocabulary import vocabulary
from klaster_registry.search.folding import words_of
from klaster_shared.stems import stem

_KIND = 0.3  # of the weight of the rarest word: about what `university` comes to in a large registry
_AS_MANY = 50_000  # names
_ID = 16  # bytes
_MISSPELT_FROM = 4  # letters
_CORRECTIONS = 3
_WORDS = 40  # of a name: a longer one is a description
_CORRECTED = 20_000  # corrections that are remembered
Town = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """An entity as matching knows it. Who was merged is known by its names as the one it was merged into."""

    id: UUID
    names: Sequence[tuple[str, str]]  # value and role
    town: str | None
    country: str | None
    withdrawn: bool


class Index:
    """Words, names and entities by number; a number is never used again, what is gone is only marked so."""

    def __init__(self) -> None:
        self.stems: list[str] = []
        self._stem_numbers: dict[str, int] = {}
        self._postings: list[array[int]] = []
        self._is_kind = bytearray()
        self._name_words = array("I")
        self._name_ends = array("I")
        self.name_owner = array("I")
        self._acronym = bytearray()
        self._respelt = bytearray()
        self.name_weight = array("f")
        self._ids = bytearray()
        self._alive = bytearray()
        self.withdrawn = bytearray()
        self._country = array("H")
        self._countries: list[str | None] = []
        self._town = array("I")
        self._towns: list[Town] = []
        self._town_numbers: dict[Town, int] = {}
        self._whole = array("q"), array("I")
        self._new_whole: dict[int, list[int]] = {}
        self._by_length: dict[tuple[str, int], list[str]] = {}
        self._corrections: dict[str, list[tuple[int, float]]] = {}
        self.gone = 0

    def __len__(self) -> int:
        return len(self._alive) - self.gone

    @property
    def unsettled(self) -> int:
        """How many whole names are not in the sorted table yet."""
        return len(self._new_whole)

    # Writing

    def fill(self, entities: Iterable[Named]) -> None:
        """Add entities that are not there yet; `settle` when all of them are."""
        for entity in entities:
            self._add(entity)

    def put(self, entities: Iterable[Named]) -> None:
        """Add entities, in the place of what was known of them."""
        first = len(self.name_owner)
        for entity in entities:
            self.drop(entity.id)
            self._add(entity)
        self._weigh(first)

    def drop(self, entity_id: UUID) -> None:
        """Forget an entity."""
        at = self.numbered(entity_id)
        if at is not None:
            self._alive[at] = 0
            self.gone += 1

    def settle(self) -> None:
        """After many were added: weights by what is frequent now, and one sorted table of whole names."""
        self._weigh(0)
        pairs = sorted((hash(tuple(self.name(name))), name) for name in range(len(self.name_owner)))
        self._whole = array("q", (hashed for hashed, _ in pairs)), array("I", (name for _, name in pairs))
        self._new_whole = {}

    def _weigh(self, first: int) -> None:
        for name in range(first, len(self.name_owner)):
            self.name_weight[name] = sum(map(self.weight, set(self.name(name))))

    def _add(self, entity: Named) -> int:
        number = len(self._alive)
        self._ids += entity.id.bytes
        self._alive.append(1)
        self.withdrawn.append(entity.withdrawn)
        self._country.append(self._country_number(entity.country))
        self._town.append(self._town_number(entity.town))
        seen: set[tuple[int, ...]] = set()
        written = [(name_words(value), value, role) for value, role in entity.names]
        for said, value, role in written:
            self._add_once(number, self._words_of_name(said, value, entity.country), seen, is_acronym=role == "acronym")
        for said, value, role in written:
            for other in spellings(said) if role != "acronym" else ():
                self._add_once(number, self._words_of_name(other, value, entity.country), seen, is_respelt=True)
        return number

    def _words_of_name(self, said: Sequence[str], value: str, country: str | None) -> tuple[int, ...]:
        known = vocabulary()
        words = [word for word in said if word not in known.stop]
        if len(words) > 1 and country and known.countries.get((words[-1],)) == country and value.endswith(")"):
            words.pop()  # `Siemens (Germany)`
        return tuple(map(self._stem_number, words[:_WORDS]))

    def _add_once(
        self,
        number: int,
        words: tuple[int, ...],
        seen: set[tuple[int, ...]],
        *,
        is_acronym: bool = False,
        is_respelt: bool = False,
    ) -> None:
        if not words or (key := (*words, int(is_acronym))) in seen:
            return
        seen.add(key)
        name = len(self.name_owner)
        self._name_words.extend(words)
        self._name_ends.append(len(self._name_words))
        self.name_owner.append(number)
        self._acronym.append(is_acronym)
        self._respelt.append(is_respelt)
        self.name_weight.append(0.0)
        for word in set(words):
            self._postings[word].append(name)
        self._new_whole.setdefault(hash(words), []).append(name)

    def _stem_number(self, word: str) -> int:
        stemmed = stem(word)
        number = self._stem_numbers.get(stemmed)
        if number is None:
            number = self._stem_numbers[stemmed] = len(self.stems)
            self.stems.append(stemmed)
            self._postings.append(array("I"))
            self._is_kind.append(stemmed in vocabulary().kinds)
            # The word as it first came, not its stem: a slip near the end of a word would change that by more.
            self._by_length.setdefault((word[:1], len(word)), []).append(word)
            self._by_length.setdefault((word[-2:], -len(word)), []).append(word)
            self._corrections.clear()
        return number

    def _country_number(self, country: str | None) -> int:
        if country not in self._countries:
            self._countries.append(country)
        return self._countries.index(country)

    def _town_number(self, town: str | None) -> int:
        key = town_key(words_of(town)) if town else ()
        if key not in self._town_numbers:
            self._town_numbers[key] = len(self._towns)
            self._towns.append(key)
        return self._town_numbers[key]

    # Reading

    def number_of(self, stemmed: str) -> int | None:
        """The number of a word; None where no name has it."""
        return self._stem_numbers.get(stemmed)

    def weight(self, word: int) -> float:
        """What a word tells: little where many names have it.

        What an organisation is tells little in a small registry, too, where few names say it.
        """
        told = log(1 + self._many() / (1 + len(self._postings[word])))
        return min(told, _KIND * self.rarest()) if self._is_kind[word] else told

    def rarest(self) -> float:
        """The weight of a word that no name has."""
        return log(2 + self._many())

    def _many(self) -> int:
        """Names, as if there were many: what weights were learnt from is so large, and a small one scores alike."""
        return max(_AS_MANY, len(self.name_owner))

    def names_with(self, word: int) -> array[int]:
        """The names that have a word."""
        return self._postings[word]

    def name(self, name: int) -> array[int]:
        """The words of a name, in order."""
        return self._name_words[self._name_ends[name - 1] if name else 0 : self._name_ends[name]]

    def is_acronym(self, name: int) -> bool:
        """Whether the name is one."""
        return bool(self._acronym[name])

    def is_respelt(self, name: int) -> bool:
        """Whether nobody wrote the name so, only others may."""
        return bool(self._respelt[name])

    def is_there(self, number: int) -> bool:
        """Whether an entity is still there."""
        return bool(self._alive[number])

    def id_of(self, number: int) -> UUID:
        """The id of an entity."""
        return UUID(bytes=bytes(self._ids[number * _ID : number * _ID + _ID]))

    def numbered(self, entity_id: UUID) -> int | None:
        """The number of an entity that is there."""
        at = self._ids.rfind(entity_id.bytes)
        while at >= 0:
            if at % _ID == 0 and self._alive[at // _ID]:
                return at // _ID
            at = self._ids.rfind(entity_id.bytes, 0, at + _ID - 1)
        return None

    def country_of(self, number: int) -> str | None:
        """Where its seat is."""
        return self._countries[self._country[number]]

    def town_of(self, number: int) -> Town:
        """Where its seat is; empty where it is not known."""
        return self._towns[self._town[number]]

    def is_town(self, words: Town) -> bool:
        """Whether some entity has its seat in a town of that name."""
        return words in self._town_numbers

    def whole(self, words: Sequence[int]) -> Iterator[int]:
        """Names of exactly these words, of entities that are there."""
        hashed = hash(tuple(words))
        hashes, names = self._whole
        at = bisect_left(hashes, hashed)
        while at < len(hashes) and hashes[at] == hashed:
            yield names[at]
            at += 1
        yield from self._new_whole.get(hashed, ())

    def corrections(self, word: str) -> list[tuple[int, float]]:
        """Words that a misspelt one may have meant, with their likeness; of few letters none."""
        if len(word) < _MISSPELT_FROM:
            return []
        known = self._corrections.get(word)
        if known is None:
            if len(self._corrections) >= _CORRECTED:
                self._corrections.clear()
            known = self._corrections[word] = self._near(word)
        return known

    def _near(self, word: str) -> list[tuple[int, float]]:
        slips = 1 if len(word) < 8 else 2
        lengths = range(len(word) - slips, len(word) + slips + 1)
        among = [one for length in lengths for one in self._by_length.get((word[:1], length), ())]
        among += [one for length in lengths for one in self._by_length.get((word[-2:], -length), ())]
        found = process.extract(word, among, scorer=OSA.distance, score_cutoff=slips, limit=40)
        near: dict[int, int] = {}
        for one, distance, _ in found:
            near.setdefault(self._stem_numbers[stem(one)], int(distance))
        best = sorted(near, key=lambda one: (near[one], -len(self._postings[one]), one))
        return [(one, 1 - near[one] / (len(word) + 1)) for one in best[:_CORRECTIONS] if near[one]]


def town_key(words: Sequence[str]) -> Town:
    """A town as it is compared, whatever case it stands in and under whichever of two names."""
    other = vocabulary().towns
    return tuple(other.get(stemmed, stemmed) for stemmed in map(stem, words[:4]))
