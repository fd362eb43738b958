"""The search: beside bare queries on a million entries, over HTTP on 36,000, and what misspelt names find.

`python -m tests.benchmarks.search_page --names FILE` takes names from a ROR file instead of making them.
"""

import asyncio
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import asyncpg
from sqlalchemy import BindParameter, Text, bindparam, column, select, table

from klaster_registry.search import operations
from klaster_registry.search.folding import name_key
from klaster_registry.search.schemas import SearchParameters
from klaster_shared.database import Database
from klaster_shared.keyfiles import create_keys
from klaster_shared.testing.postgres import NoPostgres, PostgresServer, postgres_server
from klaster_shared.tokens import Signer
from tests.benchmarks.load import put_load
from tests.benchmarks.machine import load_core, server_core
from tests.benchmarks.processes import on_core, running, wait_for
from tests.benchmarks.search_data import entries, fill, fill_by_copy, made_names, ror_names
from tests.running import free_ports

MANY, SOME = 1_000_000, 36_000
ASKED = 100  # questions of one round
MISSPELT = 300
LIMIT = 20
_BARE = table("bare_names", column("id"), column("folded", Text))
Say = Callable[[str], None]


@dataclass(frozen=True)
class Call:
    """What a question costs inside the database call, beside the bare query: milliseconds, and the ratio of medians."""

    name: str
    bare: tuple[float, float]
    ours: tuple[float, float]
    ratio: float


@dataclass(frozen=True)
class Answer:
    """What an answer takes over HTTP: milliseconds, and the ratio to `/health/live` and the query together."""

    engine: str
    q: str
    health: float
    query: float
    whole: float
    ratio: float


@dataclass(frozen=True)
class Recall:
    """How many misspelt names are found among the first ten, and what that takes."""

    engine: str
    asked: int
    among_ten: float
    first: float
    took: tuple[float, float]


@dataclass(frozen=True)
class SearchFigures:
    """What the search came to."""

    entries: int
    calls: list[Call] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    recalls: list[Recall] = field(default_factory=list)


class _Timed(Database):
    """Adds up what is spent inside the driver's call, on one connection."""

    spent = 0.0
    kept: Any = None

    async def fetch(self, prepared: Any, **given: Any) -> list[tuple[Any, ...]]:
        if self.kept is None:
            self.kept = await self._reader.connect()
        driver: Any = (await self.kept.get_raw_connection()).driver_connection
        arguments = prepared.arguments(given)
        began = time.perf_counter()
        if self.dialect == "postgresql":
            found = await driver.fetch(prepared.text, *arguments)
        else:
            found = await driver.execute_fetchall(prepared.text, arguments)
        self.spent += (time.perf_counter() - began) * 1000
        return list(prepared.rows(found))

    async def dispose(self) -> None:
        if self.kept is not None:
            await self.kept.close()
        await super().dispose()

    async def timed(self, work: Any) -> tuple[float, Any]:
        """What a piece of work spends there, in milliseconds, and what it returns."""
        self.spent = 0.0
        found = await work
        return self.spent, found


def measure(
    folder: Path, *, rounds: int, seconds: float, say: Say, count: int = MANY, names: Path | None = None
) -> SearchFigures:
    """Everything; without PostgreSQL what SQLite does alone."""
    figures = SearchFigures(count)
    some = folder / "search.db"
    urls = {"SQLite": f"sqlite+aiosqlite:///{some}"}
    with ExitStack() as stack:
        with on_core(load_core()):
            server = stack.enter_context(postgres_server())
        if isinstance(server, NoPostgres):
            say(f"search: {server.reason}")
        else:
            urls["PostgreSQL"] = asyncio.run(_created(server, "some"))
            many = asyncio.run(_created(server, "many"))
            say(f"search: writing {count:,} entries")
            asyncio.run(fill_by_copy(many, entries(_names(names), count)))
            figures.calls.extend(asyncio.run(_calls(many, rounds, names, say)))
        for engine, url in urls.items():
            say(f"search: {SOME:,} entries on {engine}")
            asyncio.run(fill(url, entries(_names(names), SOME)))
            figures.recalls.append(asyncio.run(_recall(engine, url, names)))
            figures.answers.extend(_answers(folder, engine, url, rounds, seconds, names))
    return figures


def _names(path: Path | None) -> Iterator[str]:
    return ror_names(path) if path else made_names()


async def _created(server: PostgresServer, name: str) -> str:
    connection = await asyncpg.connect(server.url)
    await connection.execute(f"CREATE DATABASE {server.prefix}_search_{name} LC_COLLATE 'C' TEMPLATE template0")
    await connection.close()
    return server.database(f"{server.prefix}_search_{name}")


async def _calls(url: str, rounds: int, names: Path | None, say: Say) -> list[Call]:
    database = _Timed(url)
    chance = random.Random(7)
    known = [name_key(name) for name in islice(_names(names), SOME)]
    found = []
    for kind, ask in (("prefix", _beginning), ("substring", _middle)):
        questions = [question for name in chance.sample(known, ASKED * 2) if (question := ask(name, chance))][:ASKED]
        taken: list[tuple[list[float], list[float]]] = []
        for number in range(rounds + 1):  # the first one warms up
            bare, ours = [], []
            for question in questions:
                bare.append((await database.timed(_bare(database, kind, question)))[0])
                ours.append((await database.timed(_ours(database, question)))[0])
            if number:
                taken.append((bare, ours))
        found.append(_call(kind, taken))
        say(f"search: {kind}: {found[-1].ratio:.2f} of the bare query")
    await database.dispose()
    return found


def _call(kind: str, taken: Sequence[tuple[list[float], list[float]]]) -> Call:
    ratio = median(median(ours) / median(bare) for bare, ours in taken)
    bare, ours = ([one for round_ in taken for one in round_[side]] for side in (0, 1))
    return Call(kind, _spread(bare), _spread(ours), ratio)


def _spread(values: Sequence[float]) -> tuple[float, float]:
    return median(values), quantiles(values, n=100)[98]


def _beginning(name: str, chance: random.Random) -> str | None:
    question = name[: chance.randint(3, 8)].strip()
    return question if len(question) >= 3 else None


def _middle(name: str, chance: random.Random) -> str | None:
    words = [word for word in name.split() if len(word) >= 6 and word.isascii()]
    if not words:
        return None
    word = chance.choice(words)
    at = chance.randint(1, len(word) - 5)
    return word[at : at + chance.randint(4, 8)]


async def _bare(database: Database, kind: str, question: str) -> Any:
    def write() -> Any:
        folded = _BARE.c.folded
        size: BindParameter[int] = bindparam("size", LIMIT)
        if kind == "substring":
            return select(_BARE.c.id).where(folded.like(bindparam("part", ""))).limit(size)
        bounds = (folded >= bindparam("beginning", ""), folded < bindparam("end", ""))
        return select(_BARE.c.id).where(*bounds).order_by(folded).limit(size)

    prepared = database.prepared(("bare", kind), write)
    return await database.fetch(prepared, part=f"%{question}%", beginning=question, end=question + "\U0010ffff")


async def _ours(database: Database, question: str, limit: int = LIMIT) -> Any:
    parameters = SearchParameters(q=question, limit=limit)
    return await operations.search(database, parameters=parameters, audiences=("anonymous",))


async def _recall(engine: str, url: str, names: Path | None) -> Recall:
    database, chance = Database(url), random.Random(11)
    known = [name for name in islice(_names(names), SOME) if len(name) > 3]
    places, took = [], []
    for name in chance.sample(known, MISSPELT):
        began = time.perf_counter()
        hits, _ = await _ours(database, slip(name, chance)[:200], limit=10)
        took.append((time.perf_counter() - began) * 1000)
        titles = [hit.row.title_pl for hit in hits]
        places.append(titles.index(name) if name in titles else None)
    await database.dispose()
    share = [sum(place is not None for place in places), sum(place == 0 for place in places)]
    return Recall(engine, MISSPELT, share[0] / MISSPELT, share[1] / MISSPELT, _spread(took))


def slip(name: str, chance: random.Random) -> str:
    """The name with one slip of the keyboard: a letter left out, swapped with the next, wrong, or too many."""
    at = chance.randrange(len(name) - 1)
    head, letter, following, tail = name[:at], name[at], name[at + 1], name[at + 2 :]
    wrong = chance.choice("abcdefghijklmnopqrstuvwxyz")
    middles = [following, following + letter, wrong + following, wrong + letter + following]
    return head + chance.choice(middles) + tail


def _answers(folder: Path, engine: str, url: str, rounds: int, seconds: float, names: Path | None) -> list[Answer]:
    chance = random.Random(13)
    known = [name_key(name) for name in islice(_names(names), 2_000)]
    questions = [known[0][:5], *(one for name in known[100:] if (one := _middle(name, chance)))][:4]
    inside = asyncio.run(_inside(url, questions))
    with _serving(folder, url) as (base, signed):
        rows: dict[str, list[tuple[float, float]]] = {question: [] for question in questions}
        for question in questions * rounds:
            health = put_load(f"{base}/health/live", connections=1, seconds=seconds / 2).p50_ms
            path = f"{base}/v1/registry/search?limit={LIMIT}&q={question}"
            whole = put_load(path, connections=1, seconds=seconds / 2, headers=signed())
            assert not whole.failed
            rows[question].append((health, whole.p50_ms))
    return [_answer(engine, question, inside[question], taken) for question, taken in rows.items()]


def _answer(engine: str, q: str, query: float, taken: Sequence[tuple[float, float]]) -> Answer:
    ratio = median(whole / (health + query) for health, whole in taken)
    health, whole = (median(one[side] for one in taken) for side in (0, 1))
    return Answer(engine, q, health, query, whole, ratio)


async def _inside(url: str, questions: Sequence[str]) -> dict[str, float]:
    database = _Timed(url)
    found = {}
    for question in questions:
        taken = [(await database.timed(_ours(database, question)))[0] for _ in range(50)]
        found[question] = median(taken[10:])
    await database.dispose()
    return found


@contextmanager
def _serving(folder: Path, database_url: str) -> Iterator[tuple[str, Callable[[], dict[str, str]]]]:
    keys, port = folder / "search-keys", free_ports()
    if not keys.exists():
        create_keys(["gateway", "indicators", "events"], private=keys, jwks=keys / "jwks.json")
    told = {
        "REGISTRY_DATABASE_URL": database_url,
        "REGISTRY_JWKS_FILE": f"{keys}/jwks.json",
        "REGISTRY_PORT": str(port),
        "REGISTRY_LOG_LEVEL": "WARNING",
        "REGISTRY_RUN_JOBS": "false",
    }

    def signed() -> dict[str, str]:
        signer = Signer.from_file("gateway", keys / "gateway.jwk")
        token = signer.mint(audience="registry", subject="anonymous", role="anonymous", scopes=("search:read",))
        return {"Authorization": f"Bearer {token}"}

    command = [sys.executable, "-m", "klaster_registry"]
    with running(command, core=server_core(), environment=told, log=folder / "search.out") as process:
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/health/live", process=process)
        yield base, signed
