"""Matching: how often it is right, on questions made from a ROR file, and how long a thousand of them take."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg
from sqlalchemy import insert, select
from sqlmodel import col

from klaster_registry.database import METADATA, open_database
from klaster_registry.entities.models import Entity, EntityIdentifier, EntityName
from klaster_registry.loading.files import lines_of, load_lines
from klaster_registry.loading.ror import entity_of
from klaster_registry.matching import operations
from klaster_registry.matching.following import index_of
from klaster_registry.matching.index import Index, Named
from klaster_registry.matching.schemas import MAX_BATCH, MatchedRead, MatchRow, StatedIdentifier
from klaster_shared.database import Database
from klaster_shared.migrations import upgrade
from klaster_shared.testing.postgres import NoPostgres, postgres_server
from tests.benchmarks.machine import load_core
from tests.benchmarks.matching_data import Question, Record, questions, records, written_out
from tests.benchmarks.processes import on_core

POLAND = Path(__file__).parents[2] / "services/registry/klaster_registry/seeding/ror-poland.jsonl"
WEIGHTS = Path(__file__).parents[2] / "services/registry/klaster_registry/matching/weights.yaml"
ENOUGH = 12_000  # questions; of larger files only every so-maniest organisation is asked about
TIMED = 1_000
_COPIED = 1_000  # rows at a time
Say = Callable[[str], None]


@dataclass(frozen=True)
class Kind:
    """One kind of question: how many, how many matched rightly and wrongly."""

    name: str
    asked: int
    right: int
    wrong: int
    has_answer: bool


@dataclass(frozen=True)
class Speed:
    """What a thousand strings take of a core in the service's process, and what its index takes to make."""

    engine: str
    entities: int
    seconds: float
    statements: int
    made_in: float


@dataclass(frozen=True)
class MatchingFigures:
    """What matching came to."""

    entities: int
    left_out: int
    asked: int
    precision: float
    recall: float
    among_five: float
    kinds: list[Kind] = field(default_factory=list)
    speeds: list[Speed] = field(default_factory=list)


class _Counted(Database):
    """Counts the transactions that it is asked for."""

    asked = 0

    def read(self):  # type: ignore[no-untyped-def]
        self.asked += 1
        return super().read()


def learnt(found: Sequence[Record], every: int, say: Say) -> str:
    """The weights, as the service reads them."""
    from tests.benchmarks.matching_learning import as_yaml, learn

    inside = [record for record in found if record.split != "left_out"]
    index, keys = Index(), {}
    for number, record in enumerate(inside):
        keys[number] = str(record.stated.source_key)
        index.fill([_named(record, UUID(int=number))])
    index.settle()
    asked = [one for one in questions(found, every=every) if is_learnt_from(one) and one.kind != "identifier inside"]
    result = learn(index, asked, keys)
    say(f"learnt from {len(asked):,} questions: precision {result.precision:.4f}, recall {result.recall:.4f}")
    return as_yaml(result)


def is_learnt_from(question: Question) -> bool:
    """Questions about whoever is left out are halved as well: by what is asked."""
    return question.split == "learning" or (question.split == "left_out" and sum(question.name.encode()) % 2 == 0)


def _named(record: Record, entity_id: UUID) -> Named:
    names = [(name.value, name.role) for name in record.stated.names]
    return Named(entity_id, names, record.town, record.country or None, record.stated.existence == "withdrawn")


def measure(folder: Path, *, say: Say, path: Path = POLAND) -> MatchingFigures:
    """Quality on SQLite (both engines have the same index), speed on both."""
    path = written_out(path, folder) if path == POLAND else path
    found = records(path)
    out = {record.id for record in found if record.split == "left_out"}
    every = max(1, len(found) * 4 // ENOUGH)
    asked = [one for one in questions(found, every=every) if not is_learnt_from(one)]
    speeds: list[Speed] = []
    with ExitStack() as stack:
        urls = {"SQLite": f"sqlite+aiosqlite:///{folder}/matching.db"}
        with on_core(load_core()):
            server = stack.enter_context(postgres_server())
        if isinstance(server, NoPostgres):
            say(f"matching: {server.reason}")
        else:
            urls["PostgreSQL"] = asyncio.run(_created(server))
        for engine, url in urls.items():
            say(f"matching: loading {path.name} on {engine}")
            if engine == "SQLite":
                asyncio.run(_load(url, path, lambda key: key not in out))
                say(f"matching: asking {len(asked):,} questions")
                figures = asyncio.run(_quality(url, asked, found))
                asyncio.run(_load(url, path, lambda key: key in out))
            else:
                asyncio.run(_copy(urls["SQLite"], url))
            say(f"matching: a thousand strings on {engine}")
            speeds.append(asyncio.run(_speed(engine, url, asked)))
    return MatchingFigures(**{**vars(figures), "speeds": speeds})


async def _created(server) -> str:  # type: ignore[no-untyped-def]
    connection = await asyncpg.connect(server.url)
    await connection.execute(f"CREATE DATABASE {server.prefix}_matching")
    await connection.close()
    return str(server.database(f"{server.prefix}_matching"))


async def _load(url: str, path: Path, is_wanted: Callable[[str], bool]) -> None:
    await upgrade(url, "klaster_registry")
    database = open_database(url)
    kept = (pair for pair in lines_of(path) if is_wanted(_key(pair[1])))
    await load_lines(database, kept, read=entity_of, report=lambda _: None)
    await database.dispose()


async def _copy(source: str, target: str) -> None:
    """What matching reads, row by row as it is: to load it anew would take longer than all else."""
    await upgrade(target, "klaster_registry")
    told, kept = open_database(source), open_database(target)
    for model in (Entity, EntityName, EntityIdentifier):
        table = METADATA.tables[str(model.__tablename__)]
        async with told.read() as reading, kept.write() as writing:
            rows = await reading.stream(select(table))
            async for some in rows.mappings().partitions(_COPIED):
                await writing.execute(insert(table), [dict(row) for row in some])
    await told.dispose()
    await kept.dispose()


def _key(line: bytes) -> str:
    from pydantic_core import from_json

    return str(from_json(line)["id"])


async def _quality(url: str, asked: Sequence[Question], found: Sequence[Record]) -> MatchingFigures:
    database = open_database(url)
    keys = await _keys(database)
    answers: list[MatchedRead] = []
    for at in range(0, len(asked), MAX_BATCH):
        answers += await operations.match(database, rows=[_row(one) for one in asked[at : at + MAX_BATCH]], limit=5)
    entities = len(await index_of(database))
    await database.dispose()
    right = wrong = near = 0
    kinds: dict[tuple[str, bool], list[int]] = {}
    for question, answer in zip(asked, answers, strict=True):
        matched = next((keys[one.id] for one in answer.candidates if one.match), None)
        is_right, is_wrong = (
            matched is not None and matched == question.expected,
            matched not in (None, question.expected),
        )
        near += question.expected is not None and any(keys[one.id] == question.expected for one in answer.candidates)
        right, wrong = right + is_right, wrong + is_wrong
        counted = kinds.setdefault((question.kind, question.expected is not None), [0, 0, 0])
        for place, value in enumerate((1, is_right, is_wrong)):
            counted[place] += value
    positive = sum(question.expected is not None for question in asked)
    return MatchingFigures(
        entities=entities,
        left_out=sum(record.split == "left_out" for record in found),
        asked=len(asked),
        precision=right / max(1, right + wrong),
        recall=right / max(1, positive),
        among_five=near / max(1, positive),
        kinds=[
            Kind(name, counts[0], counts[1], counts[2], has_answer=answer)
            for (name, answer), counts in sorted(kinds.items(), key=lambda one: (not one[0][1], one[0][0]))
        ],
    )


async def _keys(database: Database) -> dict[UUID, str]:
    async with database.read() as session:
        return dict((await session.execute(select(col(Entity.id), col(Entity.source_key)))).all())


def _row(question: Question) -> MatchRow:
    identifiers = [StatedIdentifier(scheme=scheme, value=value) for scheme, value in question.identifiers]
    return MatchRow(name=question.name, city=question.city, country=question.country, identifiers=identifiers)


async def _speed(engine: str, url: str, asked: Sequence[Question]) -> Speed:
    database = open_database(url)
    began = time.process_time()
    entities = len(await index_of(database))
    made_in = time.process_time() - began
    rows = [_row(question) for question in asked if question.name.strip()][:TIMED]
    took = []
    for _ in range(3):
        began = time.process_time()
        for at in range(0, len(rows), MAX_BATCH):
            await operations.match(database, rows=rows[at : at + MAX_BATCH], limit=5)
        took.append(time.process_time() - began)
    await database.dispose()
    counted = _Counted(url)
    await index_of(counted)
    counted.asked = 0
    await operations.match(counted, rows=rows[:MAX_BATCH], limit=5)
    await counted.dispose()
    return Speed(engine, entities, sorted(took)[1], counted.asked, made_in)
