"""A messy string as matching reads it: segments, words, and the identifiers that stand in it. No queries here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from klaster_registry.entities.identifiers import Verdict, check
from klaster_registry.matching.vocabulary import vocabulary
from klaster_registry.search.folding import words_of
from klaster_shared.stems import stem

_HOUSE = re.compile(r"[0-9]{1,4}[a-z]?")
_STREET = 5  # words of a street and a number
MAX_WORDS = 80  # of one string: what stands behind them is no affiliation any more
_APART = re.compile(r"[;/|]+")  # what may stand between two organisations
_BETWEEN = re.compile(r"[,\n\r\t()\[\]{}:\u2022]+|(?<=[^\W\d_]{4})\. (?=[A-Z\u0100-\u024f])")
_DASH = re.compile(r"[\u2013\u2014]+| - ")
_AND = frozenset({"i", "oraz", "and", "und", "et", "&"})
_LABELLED = re.compile(
    r"\b(NIP|VAT(?:[ -]?(?:ID|UE|EU))?|REGON|KRS|LEI|ISNI)\b(?:\s*(?:no|nr|number|numer))?[\s.:#-]{0,4}"
    r"((?:PL)?[0-9][0-9 \-]{6,22}[0-9X]|[0-9A-Z]{18}[0-9]{2})",
    re.IGNORECASE,
)
_PLAIN = (
    ("ror", re.compile(r"(?:https?://)?(?:www\.)?ror\.org/(0[0-9a-z]{8})\b", re.IGNORECASE)),
    ("ror", re.compile(r"\b(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})\b")),
    ("isni", re.compile(r"isni\.org/(?:isni/)?([0-9]{15}[0-9X])\b", re.IGNORECASE)),
    ("wikidata", re.compile(r"wikidata(?:\.org/(?:wiki|entity)/|[:\s]{1,3})(Q[0-9]{1,12})\b", re.IGNORECASE)),
    ("grid", re.compile(r"\b(grid\.[0-9]{1,7}\.[0-9a-f]{1,2})\b")),
    ("fundref", re.compile(r"\b10\.13039/([0-9]{6,14})\b")),
    ("eu_vat", re.compile(r"\b(PL[ -]?[0-9]{10})\b")),
    ("lei", re.compile(r"\b([0-9A-Z]{18}[0-9]{2})\b")),
    ("nip", re.compile(r"\b([0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{2}|[0-9]{3}-[0-9]{2}-[0-9]{2}-[0-9]{3})\b")),
)
_ALONE = re.compile(r"\s*([0-9][0-9 -]{7,17}[0-9X])\s*")  # a cell that holds a number and nothing else
_SURE = frozenset({"nip", "regon", "krs", "lei", "isni"})  # schemes that a word in front of the number may name


@dataclass(frozen=True, slots=True)
class Claim:
    """An identifier that a question holds, with the verdict of its arithmetic."""

    scheme: str
    value: str
    verdict: Verdict
    reason: str | None = None


@dataclass(slots=True)
class Word:
    """A word of a string, and where it stands."""

    text: str
    stem: str
    segment: int
    role: str = ""  # "", stop, legal, address, number, country, town, part, kind
    group: int = 0  # segments that no semicolon, no slash and no `and` stands between


@dataclass(slots=True)
class Reading:
    """A string, read."""

    words: list[Word] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    countries: frozenset[str] = frozenset()
    joined: frozenset[int] = frozenset()  # groups that begin behind an `and`

    def segments(self) -> int:
        """How many segments there are."""
        return self.words[-1].segment + 1 if self.words else 0


def read(text: str) -> Reading:
    """Read a string; whatever it holds, this takes time in its length alone."""
    claims, rest = _claims(text)
    words: list[Word] = []
    joined: set[int] = set()
    segment = group = 0
    for apart in _APART.split(rest):
        for part in (piece for between in _BETWEEN.split(apart) for piece in _undashed(between)):
            for at, word in enumerate(found := words_of(part)[: MAX_WORDS - len(words)]):
                # `Uniwersytet Jagielloński i Politechnika Krakowska`: two, one after the other.
                if at > 0 and found[at - 1] in _AND and stem(word) in vocabulary().kinds:
                    segment, group = segment + 1, group + 1
                    joined.add(group)
                elif at > 0 and stem(word) in vocabulary().behind and _is_university(words, segment):
                    segment += 1  # `Uniwersytet Jagielloński Wydział Lekarski`
                words.append(Word(word, stem(word), segment, _role(word), group))
            segment += bool(found)
        group += 1
    _mark_legal_forms(words)
    _mark_segments(words)
    return Reading(words, claims, _mark_countries(words), frozenset(joined))


def _is_university(words: Sequence[Word], segment: int) -> bool:
    return any(word.segment == segment and word.stem in vocabulary().superior for word in words)


def _undashed(text: str) -> list[str]:
    """Pieces between dashes. What names another kind behind one belongs to the name: `Sieć Badawcza - Instytut ...`."""
    known = vocabulary()
    pieces: list[str] = []
    for piece in _DASH.split(text):
        kinds = [stemmed for stemmed in map(stem, words_of(piece)) if stemmed in known.kinds] if pieces else []
        if kinds and kinds[0] not in known.whole:
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    return pieces


def name_words(text: str) -> list[str]:
    """The words of a name, without its legal form."""
    words = [Word(word, "", 0) for word in words_of(text)]
    _mark_legal_forms(words)
    return [word.text for word in words if word.role != "legal"] or [word.text for word in words]


def _role(word: str) -> str:
    known = vocabulary()
    if word in known.stop:
        return "stop"
    if word in known.address:
        return "address"
    if word[0].isdigit() and sum(character.isdigit() for character in word) * 2 > len(word):
        return "number"
    stemmed = stem(word)
    if stemmed in known.parts:
        return "part"
    return "kind" if stemmed in known.kinds else ""


def _mark_legal_forms(words: Sequence[Word]) -> None:
    """At the end of a segment, or of the words before another legal form; `sa` in the middle may be a word."""
    forms = vocabulary().legal_forms
    end = len(words)
    while end > 0:
        for length in (5, 4, 3, 2, 1):
            begin = end - length
            if begin < 0 or words[begin].segment != words[end - 1].segment:
                continue
            is_end = end == len(words) or words[end].segment != words[end - 1].segment or words[end].role == "legal"
            if is_end and tuple(word.text for word in words[begin:end]) in forms and begin > 0:
                for word in words[begin:end]:
                    word.role = "legal"
                end = begin + 1
                break
        end -= 1
    for form in vocabulary().anywhere:
        for at in range(len(words) - len(form) + 1):
            if tuple(word.text for word in words[at : at + len(form)]) == form and len(words) > len(form):
                for word in words[at : at + len(form)]:
                    word.role = "legal"


def _mark_segments(words: Sequence[Word]) -> None:
    """What is said in a segment of its own: streets that no `ul.` announces, and whom those who are named belong to."""
    by_segment: dict[int, list[Word]] = {}
    for word in words:
        by_segment.setdefault(word.segment, []).append(word)
    known = vocabulary()
    has_university = any(word.stem in known.superior for word in words)
    for some in by_segment.values():
        # `Instytut Zoologii, Uniwersytet Jagielloński`; an `Institute of Technology` is not at the beginning.
        if some[0].stem in known.subordinate and has_university:
            some[0].role = "part"
    kinds = {segment for segment, some in by_segment.items() if any(word.role == "kind" for word in some)}
    for segment, some in by_segment.items():
        is_named = segment in kinds or any(word.role in {"part", "legal"} for word in some)
        # `..., Pasteura 5`
        if segment and 1 < len(some) <= _STREET and _HOUSE.fullmatch(some[-1].text) and not is_named:
            for word in some:
                word.role = word.role or "address"
        if kinds - {segment} and tuple(word.stem for word in some) in known.umbrellas:
            for word in some:
                word.role = "legal"


def _mark_countries(words: Sequence[Word]) -> frozenset[str]:
    known, found, at = vocabulary().countries, set(), 0
    while at < len(words):
        length = next((n for n in (5, 4, 3, 2, 1) if tuple(word.text for word in words[at : at + n]) in known), 0)
        if length:
            found.add(known[tuple(word.text for word in words[at : at + length])])
            for word in words[at : at + length]:
                word.role = "country"
        at += length or 1
    return frozenset(found)


def _claims(text: str) -> tuple[list[Claim], str]:
    """Identifiers in a text, each once, and the text without them; those without a label only where they can be."""
    found: dict[tuple[str, str], Claim] = {}
    spans: list[tuple[int, int]] = []
    for match in _LABELLED.finditer(text):
        scheme = match[1].lower() if match[1].lower() in _SURE else "nip"
        value = match[2].upper().removeprefix("PL") if scheme == "nip" else match[2]
        checked = check(scheme, value)
        found.setdefault((scheme, checked.value), Claim(scheme, checked.value, checked.verdict, checked.reason))
        spans.append(match.span())
    for scheme, pattern in _PLAIN:
        for match in pattern.finditer(text):
            checked = check(scheme, match[1])
            if checked.verdict != "invalid" and not any(begin <= match.start() < end for begin, end in spans):
                found.setdefault((scheme, checked.value), Claim(scheme, checked.value, checked.verdict, checked.reason))
                spans.append(match.span())
    if number := _ALONE.fullmatch(text):
        alone = [(scheme, check(scheme, number[1])) for scheme in ("nip", "krs", "regon", "isni")]
        found |= {
            (scheme, one.value): Claim(scheme, one.value, "valid") for scheme, one in alone if one.verdict == "valid"
        }
    for claim in [claim for claim in found.values() if claim.scheme == "eu_vat" and claim.value.startswith("PL")]:
        nip = claim.value.removeprefix("PL")  # one number under two names
        found.setdefault(("nip", nip), Claim("nip", nip, "valid"))
    return list(found.values()), "".join(_without(text, spans)) if spans else text


def _without(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    at = 0
    for begin, end in sorted(spans):
        yield text[at:begin]
        yield " , "
        at = max(at, end)
    yield text[at:]
