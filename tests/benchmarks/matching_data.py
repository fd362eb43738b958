"""Labelled questions for matching, made from ROR records, the same on every run.

Organisations are split by a digest of their id: some are left out of the registry, so that what asks for them has no
right answer; of those inside, one half is for learning weights and thresholds, the other for measuring alone.
"""

import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from klaster_registry.loading.ror import entity_of
from klaster_registry.loading.schemas import EntityStated

Split = Literal["left_out", "learning", "measuring"]
_LETTERS = "abcdefghijklmnoprstuwyz"
_PARTS = {
    "en": [
        "Department of {0}",
        "Faculty of {0}",
        "Dept. of {0}",
        "Division of {0}",
        "Laboratory of {0}",
        "Chair of {0}",
    ],
    "pl": ["Wydział {0}", "Katedra {0}", "Zakład {0}", "Pracownia {0}", "Klinika {0}"],
}
_SUBJECTS = {
    "en": ["Chemistry", "Biochemistry", "Internal Medicine", "Applied Physics", "Computer Science", "Cardiology",
           "Molecular Biology", "Economics", "Food Science", "Pharmacology", "Mathematics", "Public Health"],
    "pl": ["Chemii", "Biochemii", "Lekarski", "Fizyki Stosowanej", "Informatyki", "Kardiologii",
           "Biologii Molekularnej", "Ekonomii", "Farmakologii", "Matematyki", "Zdrowia Publicznego"],
}  # fmt: skip
_STREETS = [
    "ul. Długa {0}",
    "{0} Main Street",
    "Hauptstrasse {0}",
    "{0} rue de la Paix",
    "P.O. Box {0}",
    "ul. Prądnicka {0}",
]
_LEGAL = ["Sp. z o.o.", "S.A.", "GmbH", "Ltd", "Inc.", "spółka z ograniczoną odpowiedzialnością"]
_TOWNS = ["Berlin", "Tokyo", "Madrid", "Lublin", "Boston", "Lyon", "Osaka", "Toronto", "Gdańsk", "Porto", "Chennai"]
_NOBODY = [
    "Jan Kowalski", "n/a", "Independent researcher", "private practice", "University", "Hospital, Poland", "Kraków",
    "Department of Chemistry", "Wydział Lekarski", "Research and Development", "Freelance consultant, Berlin, Germany",
    "ul. Długa 12, 30-001 Kraków", "Ministry", "The School", "Institute", "Sp. z o.o.", "Medical Center", "Laboratory",
]  # fmt: skip
# Endings of the genitive, as far as these words take them: the generator's own grammar, not the stems of matching.
_GENITIVE = (
    ("ski", "skiego"), ("cki", "ckiego"), ("dzki", "dzkiego"), ("ska", "skiej"), ("cka", "ckiej"), ("czny", "cznego"),
    ("lny", "lnego"), ("owy", "owego"), ("yjny", "yjnego"), ("czna", "cznej"), ("lna", "lnej"), ("owa", "owej"),
    ("wersytet", "wersytetu"), ("stytut", "stytutu"), ("zpital", "zpitala"), ("akład", "akładu"), ("espół", "espołu"),
    ("technika", "techniki"), ("demia", "demii"), ("ndacja", "ndacji"), ("zkoła", "zkoły"), ("ższa", "ższej"),
    ("uzeum", "uzeum"), ("ieć", "ieci"), ("oteka", "oteki"), ("rodek", "rodka"), ("zystwo", "zystwa"),
    ("stwowy", "stwowego"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """An organisation: what the registry would hold of it, and on which side of the split it is."""

    id: str
    stated: EntityStated
    split: Split

    @property
    def names(self) -> list[str]:
        return [name.value for name in self.stated.names if name.role != "acronym"]

    @property
    def acronyms(self) -> list[str]:
        return [name.value for name in self.stated.names if name.role == "acronym"]

    @property
    def polish(self) -> list[str]:
        return [name.value for name in self.stated.names if name.lang == "pl" and name.role != "acronym"]

    @property
    def town(self) -> str:
        return (self.stated.seat and self.stated.seat.city) or ""

    @property
    def country(self) -> str:
        return (self.stated.seat and self.stated.seat.country) or ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and whom it means: the key of an organisation, or None where nobody in the registry is meant."""

    kind: str
    split: Split
    name: str
    expected: str | None
    city: str | None = None
    country: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()


def records(path: Path) -> list[Record]:
    """The organisations of a ROR file, on their sides."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines if line.strip()]
    return [Record(raw["id"], entity_of(raw), _side(raw["id"])) for raw in found]


def written_out(path: Path, folder: Path) -> Path:
    """The demonstration's records, which are kept shorter, as ROR writes them."""
    target = folder / path.name
    lines = [json.dumps(_as_ror(json.loads(line))) for line in path.read_text(encoding="utf-8").splitlines()]
    target.write_text("\n".join(lines), encoding="utf-8")
    return target


def _as_ror(short: dict[str, Any]) -> dict[str, Any]:
    place = short["location"]
    details = {name: place[name] for name in ("name", "lat", "lng")}
    details |= {"country_code": place["country"], "country_name": "Poland"}
    details["country_subdivision_code"] = (place["subdivision"] or "").rpartition("-")[2] or None
    known = [{"type": one["scheme"], "all": [one["value"]], "preferred": None} for one in short["external_ids"]]
    return {
        **{name: short[name] for name in ("status", "types", "established", "names", "links", "domains")},
        "id": f"https://ror.org/{short['id']}",
        "locations": [{"geonames_id": place["geonames_id"], "geonames_details": details}],
        "external_ids": known,
        "relationships": [],
    }


def _side(key: str) -> Split:
    drawn = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest()) % 100
    return "left_out" if drawn < 15 else "learning" if drawn < 57 else "measuring"


def questions(found: Sequence[Record], *, every: int = 1) -> Iterator[Question]:
    """Questions about every so-maniest organisation, several kinds of each; then some that nobody can answer."""
    inside = [record for record in found if record.split != "left_out"]
    for record in found:
        chance = random.Random(f"klaster {record.id}")
        if chance.randrange(every) == 0 and record.stated.existence != "withdrawn":
            yield from _of(record, chance, inside)
    for at, text in enumerate(_NOBODY):
        yield Question("nobody", "learning" if at % 2 else "measuring", text, None)


def _of(record: Record, chance: random.Random, inside: Sequence[Record]) -> Iterator[Question]:
    expected = None if record.split == "left_out" else record.stated.source_key

    def asked(kind: str, text: str, **row: Any) -> Question:
        return Question(kind, record.split, text, expected, **row)

    name = chance.choice(record.names)
    town, country = record.town, record.country
    kinds: list[Callable[[], Question | None]] = [
        lambda: asked("name", name),
        lambda: asked("typo", typo(name, chance)) if len(name) > 7 else None,
        lambda: asked("affiliation", _affiliation(record, chance)),
        lambda: asked("affiliation", _affiliation(record, chance)),
        lambda: asked("town behind", f"{chance.choice(record.names)}, {town}"),
        lambda: asked("wrong town", f"{name}, {chance.choice(_TOWNS)}") if _is_telling(name) else None,
        lambda: asked("legal form", f"{name.upper()} {chance.choice(_LEGAL)}"),
        lambda: asked("row", typo(name, chance) if len(name) > 12 else name, city=town, country=country),
        lambda: asked("acronym and town", f"{chance.choice(record.acronyms)}, {town}") if record.acronyms else None,
        lambda: asked("without accents", _shuffled_case(name, chance)),
        lambda: _identified(record, chance, asked),
    ]
    for make in chance.sample(kinds, 4):
        question = make()
        if question is not None:
            yield question
    for own in record.polish[:2]:
        yield asked("inflected", inflected(own))
        yield asked("inflected part", f"{_part('pl', chance)} {inflected(own)}")
    if chance.random() < 0.1:
        other = chance.choice(inside)
        if other.id != record.id and expected:
            both = f"{name}; {chance.choice(other.names)}"
            yield Question("two organisations", record.split, both, None)
    if chance.random() < 0.1 and any(kind.code == "education" for kind in record.stated.kinds):
        yield from _hospitals(record, chance)


def _hospitals(record: Record, chance: random.Random) -> Iterator[Question]:
    """A university hospital is not its university."""
    english = [name.value for name in record.stated.names if name.lang == "en" and "University" in name.value]
    if english:
        text = english[0].replace("University", "University Hospital", 1)
        yield Question("hospital of a university", record.split, text, None)
    if record.polish:
        yield Question(
            "hospital of a university", record.split, f"Szpital Kliniczny {inflected(record.polish[0])}", None
        )


def _identified(record: Record, chance: random.Random, asked: Callable[..., Question]) -> Question:
    text = f"{_affiliation(record, chance)} https://ror.org/{record.stated.source_key}"
    return asked("identifier inside", text)


def _affiliation(record: Record, chance: random.Random) -> str:
    language = "pl" if record.polish and chance.random() < 0.5 else "en"
    name = chance.choice(record.polish if language == "pl" else record.names)
    pieces = [_part(language, chance), name] if chance.random() < 0.7 else [name]
    if chance.random() < 0.4:
        pieces.append(chance.choice(_STREETS).format(chance.randint(1, 150)))
    code = f"{chance.randint(10, 99)}-{chance.randint(100, 999)} " if chance.random() < 0.4 else ""
    pieces.append(code + record.town)
    if chance.random() < 0.7:
        pieces.append(_COUNTRY_NAMES(record.country))
    return ", ".join(piece for piece in pieces if piece)


def _COUNTRY_NAMES(code: str) -> str:  # noqa: N802
    from babel import Locale

    return str(Locale("en").territories.get(code, code))


def _part(language: str, chance: random.Random) -> str:
    return chance.choice(_PARTS[language]).format(chance.choice(_SUBJECTS[language]))


def _is_telling(name: str) -> bool:
    return len(name.split()) >= 3


def _shuffled_case(name: str, chance: random.Random) -> str:
    import unicodedata

    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return chance.choice([plain.lower(), plain.upper(), plain.replace(" ", "  "), f"  {plain}."])


def inflected(name: str) -> str:
    """A Polish name in the genitive, as it stands behind `Wydział Lekarski ...`; words without a rule stay."""
    words = []
    for at, word in enumerate(name.split()):
        rule = next((rule for rule in _GENITIVE if word.endswith(rule[0])), None) if at < 4 else None
        words.append(word[: -len(rule[0])] + rule[1] if rule else word)
    return " ".join(words)


def typo(name: str, chance: random.Random) -> str:
    """One or two slips of the keyboard."""
    for _ in range(1 if len(name) < 20 or chance.random() < 0.6 else 2):
        at = chance.randrange(len(name) - 1)
        head, one, other, tail = name[:at], name[at], name[at + 1], name[at + 2 :]
        wrong = chance.choice(_LETTERS)
        name = head + chance.choice([other, other + one, wrong + other, one + wrong + other]) + tail
    return name
