"""Names to search among, the same on every run, and a database that holds as many of them as it is told to."""

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from pydantic_core import to_json

from klaster_registry.database import open_database
from klaster_registry.search import operations
from klaster_registry.search.entries import Entry
from klaster_registry.search.folding import dictionary_words
from klaster_registry.search.writing import entry_row, name_rows, text_row
from klaster_shared.migrations import upgrade

CHUNK = 5_000
_STEMS = (
    "akadem bank bio cell centr chem clin data derma diagno eko energ farma fizjo gen gluko hepat immun info innow "
    "instyt kardi klin labor lek lipid med mikro moleku nano neuro nutri onko opto patho pharm prote psych radio rehab "
    "robo sens stoma syst tech tele terap toks transl uniwer uro vet vita wiro zdrow zywien"
)
_MIDDLES = "a e i o al an ar ed el en er es et ic il in is it ol om on or os ul um"
_ENDS = "a us um ex on ix is ia ika oza acja logia tech lab med plex versity tute tal ium genics"
_COMMON = "University Institute Hospital Centre for of and the Research Medical Science National Szpital Fundacja"
_COUNTRIES = ("PL", "DE", "CZ", "US", "GB", "FR", "IT", "ES", "SE", "JP")


def made_names() -> Iterator[str]:
    """Names without end: some words in every third of them, most in a few, as in a register of organisations."""
    chance = random.Random(2026)
    words = [_word(chance) for _ in range(60_000)]
    ranks = range(1, len(words) + 1)
    common = _COMMON.split()
    weights = [1 / rank**0.7 for rank in ranks]
    while True:
        picked = iter(chance.choices(words, weights, k=4 * CHUNK))
        for _ in range(CHUNK):
            name = [*islice(picked, chance.randint(1, 3)), *chance.sample(common, chance.randint(0, 2))]
            chance.shuffle(name)
            yield " ".join(name)


def _word(chance: random.Random) -> str:
    middle = "".join(chance.choices(_MIDDLES.split(), k=chance.randint(0, 2)))
    return (chance.choice(_STEMS.split()) + middle + chance.choice(_ENDS.split())).capitalize()


def ror_names(path: Path) -> Iterator[str]:
    """The names that organisations of a ROR file display; when they end, their words change places."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        known = [_displayed(json.loads(line)["names"]) for line in lines]
    yield from known
    chance = random.Random(2026)
    while True:
        one, other = chance.choice(known).split(), chance.choice(known).split()
        yield " ".join([*one[: chance.randint(1, 4)], *other[-chance.randint(1, 3) :]])


def _displayed(names: Sequence[dict[str, Any]]) -> str:
    return str(next(name["value"] for name in names if "ror_display" in name["types"]))


def entries(names: Iterable[str], count: int) -> Iterator[Entry]:
    """An entity a name, with an identifier and a country."""
    for number, name in enumerate(islice(names, count)):
        yield Entry(
            collection="entities",
            record_id=str(UUID(int=(0x0190_0000_0000_7000_8000 << 48) + number)),
            title_pl=name,
            title_en=name,
            texts=[f"{number * 7919 % 10**10:010d}"],
            registration="registered" if number % 500 == 0 else "none",
            country=_COUNTRIES[number % len(_COUNTRIES)],
        )


async def fill(database_url: str, found: Iterator[Entry]) -> None:
    """A migrated database with these entries, written as the service writes them."""
    await upgrade(database_url, "klaster_registry")
    database = open_database(database_url)
    while chunk := list(islice(found, CHUNK)):
        async with database.write() as session:
            await operations.put_many(session, chunk)
    await database.dispose()
    await settle(database_url)


async def settle(database_url: str) -> None:
    """What autovacuum does within minutes."""
    if database_url.startswith("postgresql"):
        connection = await asyncpg.connect(database_url)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()


async def fill_by_copy(database_url: str, found: Iterator[Entry]) -> None:
    """As `fill`, for a million entries on PostgreSQL; beside them `bare_names`, what a bare query reads."""
    await upgrade(database_url, "klaster_registry")
    connection = await asyncpg.connect(database_url)
    await connection.execute("DROP INDEX search_fts_text")
    await connection.execute('CREATE TABLE bare_names (id bigint PRIMARY KEY, folded text COLLATE "C" NOT NULL)')
    words: set[str] = set()
    first = 1
    while chunk := list(islice(found, CHUNK)):
        await _copy(connection, first, chunk, words)
        first += len(chunk)
    await connection.copy_records_to_table(
        "search_words", records=list(enumerate(sorted(words), start=1)), columns=["id", "word"]
    )
    for index in (
        "search_fts_text ON search_texts USING gin (text gin_trgm_ops)",
        "bare_prefix ON bare_names (folded)",
        "bare_substring ON bare_names USING gin (folded gin_trgm_ops)",
    ):
        await connection.execute(f"CREATE INDEX {index}", timeout=1800)
    await connection.close()
    await settle(database_url)


async def _copy(connection: Any, first: int, chunk: Sequence[Entry], words: set[str]) -> None:
    rows = [entry_row(entry) for entry in chunk]
    for row in rows:
        row["fields"] = to_json(row["fields"]).decode()
    numbered = list(enumerate(zip(chunk, rows, strict=True), start=first))
    records = [(number, *row.values()) for number, (_, row) in numbered]
    await connection.copy_records_to_table("search_entries", records=records, columns=["id", *rows[0]])
    texts = [tuple(text_row(entry, number).values()) for number, (entry, _) in numbered]
    words |= {word for _, text, _ in texts for word in dictionary_words(text)}
    await connection.copy_records_to_table("search_texts", records=texts, columns=["entry_id", "text", "audience"])
    names = [tuple(row.values()) for number, (entry, _) in numbered for row in name_rows(entry, number)]
    await connection.copy_records_to_table("search_names", records=names, columns=["entry_id", "folded", "previous"])
    bare = [(number, folded) for number, folded, previous in names if not previous]
    await connection.copy_records_to_table("bare_names", records=bare, columns=["id", "folded"])
