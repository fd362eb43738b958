"""What is found when nothing is: entries with the words that misspelt ones may have meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from klaster_registry.search import repository, typos
from klaster_registry.search.filters import Asked, Scope
from klaster_registry.search.repository import Found
from klaster_shared.database import Database

_COMPARED = 300  # entries that are compared with the question as a whole
_BEGINNING = 3  # letters that a word two slips away is looked up by


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What a word may have meant. `part`: or it was meant as it stands, as a part of words."""

    words: tuple[str, ...]
    part: str | None
    doubtful: bool = False

    def parts(self) -> tuple[str, ...]:
        """What an entry has one of: the whole words, or the part."""
        return (*(f" {word} " for word in self.words), *([self.part] if self.part else []))

    def met_by(self, text: str) -> str | None:
        """The correction that this text answers; None where it has the word as it was asked."""
        if self.part and self.part in text:
            return None
        return next((word for word in self.words if f" {word} " in text), None)


async def similar(database: Database, *, scope: Scope, asked: Asked, limit: int) -> list[tuple[Found, list[str]]]:
    """Entries that the question may have meant, the most similar first, with the words that were put right.

    First the words that nobody uses are taken for misspelt, then, where that leads nowhere, all of them, and at last
    the long ones alone.
    """
    words = tuple(typos.considered(asked.words))
    known = await repository.words_among(database, words)
    unknown = tuple(word for word in words if word not in known)
    long = tuple(word for word in words if len(word) >= typos.LONG)
    for meant, misspelt in dict.fromkeys([(words, unknown), (words, words), (long, long)]):
        if not misspelt:
            continue
        alternatives = await _alternatives(database, meant, misspelt)
        rows = await _rows(database, scope, alternatives)
        if rows:
            return _ranked(asked, rows, alternatives)[:limit]
    return []


async def _rows(database: Database, scope: Scope, alternatives: Sequence[Alternatives]) -> Sequence[Found]:
    """Entries with all of the words; or with all but those that seem to mean nothing."""
    sure = [one for one in alternatives if not one.doubtful]
    for wanted in [alternatives, sure] if len(sure) < len(alternatives) else [alternatives]:
        if wanted:
            parts = tuple(one.parts() for one in wanted)
            rows = await repository.by_words(database, scope, parts, limit=_COMPARED, with_texts=True)
            if rows:
                return rows
    return []


async def _alternatives(database: Database, words: Sequence[str], misspelt: Sequence[str]) -> list[Alternatives]:
    """What each word may have meant, where one slip was made; a blank left out is one, too."""
    near = {word: typos.one_slip_away(word) for word in misspelt}
    parts = {half for word in misspelt for pair in typos.halves(word) for half in pair}
    real = await repository.words_among(database, parts.union(misspelt, *near.values()))
    found = []
    for word in words:
        meant = typos.nearest(word, near[word] & real) if word in near else []
        split = [pair for pair in typos.halves(word) if real.issuperset(pair)] if word in near else []
        if split and not meant and word not in real:
            best = max(split, key=lambda pair: min(map(len, pair)))
            found += [Alternatives((half,), None, doubtful=True) for half in best]
            continue
        if word in near and not meant:
            meant = await _two_slips_away(database, word)
        doubtful = word in near and not meant and word not in real
        found.append(Alternatives(tuple(meant), word, doubtful))
    return found


async def _two_slips_away(database: Database, word: str) -> list[str]:
    beginning, length = word[:_BEGINNING], len(word)
    among = await repository.words_beginning(database, beginning, shortest=length - 2, longest=length + 2)
    return typos.nearest(word, typos.two_slips_away(word, among))


def _ranked(asked: Asked, rows: Iterable[Found], alternatives: Sequence[Alternatives]) -> list[tuple[Found, list[str]]]:
    def order(row: Found) -> tuple[float, int]:
        return -typos.likeness(asked.key, row.key.strip(" |").split(" | ")), row.id

    met = [(row, [one.met_by(row.key) for one in alternatives]) for row in sorted(rows, key=order)]
    return [(row, [word for word in words if word]) for row, words in met]
