"""Suggestions among 5,000 posts, over HTTP, beside a plain page of 50 of them in the same rounds."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import insert

from klaster_events.board.columns import settle
from klaster_events.board.models import BoardPost, PostTerm, PostWord
from klaster_events.board.records import terms_of
from klaster_events.database import open_database
from klaster_events.entities.operations import keep
from klaster_events.entities.schemas import EntityFacts
from klaster_events.post_kinds.operations import POST_KINDS
from klaster_events.post_kinds.schemas import PostKindCreate
from klaster_shared.identifiers import new_id
from klaster_shared.keyfiles import create_keys
from klaster_shared.labels import Label
from klaster_shared.migrations import upgrade
from klaster_shared.testing.postgres import NoPostgres, PostgresServer, postgres_server
from klaster_shared.tokens import Signer
from tests.benchmarks.load import put_load
from tests.benchmarks.machine import load_core, server_core
from tests.benchmarks.processes import on_core, running, wait_for
from tests.running import free_ports

POSTS, ENTITIES = 5_000, 500
PAGE = 50
KINDS = ("technology", "competence", "service", "laboratory", "cooperation", "consortium")
FIELDS = ("medicine", "food", "environment")
REGIONS = ("PL", "DE", "142", "150", "EU", "001")
WORDS = 4_000  # a language's, as far as offers and needs use them; a few of them in most posts
_SYLLABLES = ("ba", "ko", "mi", "re", "sta", "tu", "we", "zy", "lo", "pra", "ne", "chi", "do", "gra", "fi", "su")
PART = """## Suggestions

Among {posts:,} open posts of {entities} entities, over HTTP, one connection, in the same rounds: a plain page of
{page} posts, the suggestions for one post, and those for an entity with ten posts of its own. Twenty suggestions, each
with its post and its reasons.

| engine | suggestions | plain page p50 ms | suggestions p50 ms | times the plain page |
|---|---|---|---|---|
{rows}
"""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Suggested:
    """What suggestions take on one engine: milliseconds, and the ratio to a plain page."""

    engine: str
    what: str
    page: float
    suggestions: float
    ratio: float


@dataclass(frozen=True)
class SuggestionFigures:
    """What suggestions came to."""

    rows: list[Suggested] = field(default_factory=list)


def measure(folder: Path, *, rounds: int, seconds: float, say: Say) -> SuggestionFigures:
    """On both engines; without PostgreSQL on SQLite alone."""
    figures = SuggestionFigures()
    urls = {"SQLite": f"sqlite+aiosqlite:///{folder}/suggestions.db"}
    with ExitStack() as stack:
        with on_core(load_core()):
            server = stack.enter_context(postgres_server())
        if isinstance(server, NoPostgres):
            say(f"suggestions: {server.reason}")
        else:
            urls["PostgreSQL"] = asyncio.run(_created(server))
        for engine, url in urls.items():
            say(f"suggestions: {POSTS:,} posts on {engine}")
            post_id, entity_id = asyncio.run(fill(url))
            asked = {"for a post": f"post={post_id}", "for an entity": f"entity={entity_id}"}
            figures.rows.extend(_rounds(folder, engine, url, asked, rounds, seconds))
    return figures


def suggestions_part(figures: SuggestionFigures) -> str:
    """The part of the page in Markdown."""
    rows = [
        f"| {one.engine} | {one.what} | {one.page:.1f} | {one.suggestions:.1f} | {one.ratio:.2f} |"
        for one in figures.rows
    ]
    return PART.format(posts=POSTS, entities=ENTITIES, page=PAGE, rows="\n".join(rows))


async def _created(server: PostgresServer) -> str:
    connection = await asyncpg.connect(server.url)
    await connection.execute(f"CREATE DATABASE {server.prefix}_suggestions LC_COLLATE 'C' TEMPLATE template0")
    await connection.close()
    return server.database(f"{server.prefix}_suggestions")


async def fill(url: str) -> tuple[UUID, UUID]:
    """Kinds, entities and posts; the id of one post, and of the entity whose it is."""
    await upgrade(url, "klaster_events")
    database, now = open_database(url), datetime.now(UTC)
    entities = [new_id() for _ in range(ENTITIES)]
    posts = list(_posts(entities, now))
    async with database.write() as session:
        for code in KINDS:
            counts = [code] if code in {"cooperation", "consortium"} else []
            given = PostKindCreate(code=code, name=Label(pl=code, en=code), counts_as=counts)
            await POST_KINDS.create(session, given=given, now=now)
        facts = [
            EntityFacts(id=entity, name=f"Podmiot {number}", interest_group=("BIOF", "MED", "RD", "BIZ")[number % 4])
            for number, entity in enumerate(entities)
        ]
        await keep(session, facts=facts, now=now)
        await session.execute(insert(BoardPost), [post.model_dump() for post in posts])
        terms = [{"post_id": post.id, "kind": kind, "term": term} for post in posts for kind, term in terms_of(post)]
        await session.execute(insert(PostTerm), terms)
        counted = Counter(term["term"] for term in terms if term["kind"] == "word")
        await session.execute(insert(PostWord), [{"term": word, "posts": posts} for word, posts in counted.items()])
        await (await session.connection()).exec_driver_sql("ANALYZE")
    await database.dispose()
    return posts[0].id, posts[0].owner_id


def _posts(entities: list[UUID], now: datetime) -> Iterator[BoardPost]:
    chance = random.Random(17)
    words = sorted({"".join(chance.choices(_SYLLABLES, k=chance.randint(3, 5))) for _ in range(WORDS)})
    chance.shuffle(words)
    common = [1 / (rank + 3) for rank in range(len(words))]  # as words of a language are (Zipf)
    for number in range(POSTS):
        said = chance.choices(words, weights=common, k=60)
        written: dict[str, Any] = {
            "title_pl": " ".join(said[:5]),
            "title_en": None,
            "text_pl": " ".join(said[8:]),
            "text_en": None,
            "fields": chance.sample(FIELDS, k=1),
            "keywords": said[5:8],
            "regions": chance.sample(REGIONS, k=2),
        }
        post = BoardPost(
            id=new_id(),
            side=chance.choice(("offer", "need")),
            kind=chance.choice(KINDS),
            owner_id=entities[number % len(entities)],
            person_id=new_id(),
            **written,
            readiness=chance.randint(1, 9),
            sort_title="",
            search_text="",
            international=False,
            visibility="public",
            valid_until=(now + timedelta(days=300)).date(),
            state="published",
            posted_at=now - timedelta(minutes=number),
            demonstration=False,
            source="bench",
            source_key=str(number),
            version=1,
            created_at=now,
            updated_at=now,
        )
        settle(post, home="PL")
        yield post


def _rounds(
    folder: Path, engine: str, url: str, asked: dict[str, str], rounds: int, seconds: float
) -> Iterator[Suggested]:
    taken: dict[str, list[tuple[float, float]]] = {what: [] for what in asked}
    with _serving(folder, url) as (base, signed):
        for _ in range(rounds):
            for what, query in asked.items():
                plain = f"{base}/v1/lsos/board?limit={PAGE}&open=true"
                page = put_load(plain, connections=1, seconds=seconds / 2, headers=signed("board:read"))
                path = f"{base}/v1/lsos/matches?{query}"
                ours = put_load(path, connections=1, seconds=seconds / 2, headers=signed("matches:read"))
                assert not page.failed + ours.failed
                taken[what].append((page.p50_ms, ours.p50_ms))
    for what, both in taken.items():
        page_ms, ours_ms = (median(one[side] for one in both) for side in (0, 1))
        yield Suggested(engine, what, page_ms, ours_ms, median(ours / page for page, ours in both))


@contextmanager
def _serving(folder: Path, database_url: str) -> Iterator[tuple[str, Callable[[str], dict[str, str]]]]:
    keys, port = folder / "suggestions-keys", free_ports()
    if not keys.exists():
        create_keys(["gateway", "indicators", "events"], private=keys, jwks=keys / "jwks.json")
    told = {
        "EVENTS_DATABASE_URL": database_url,
        "EVENTS_JWKS_FILE": f"{keys}/jwks.json",
        "EVENTS_PORT": str(port),
        "EVENTS_LOG_LEVEL": "WARNING",
        "EVENTS_RUN_JOBS": "false",
    }

    def signed(scope: str) -> dict[str, str]:
        signer = Signer.from_file("gateway", keys / "gateway.jwk")
        token = signer.mint(audience="events", subject="bench", role="office", scopes=(scope,))
        return {"Authorization": f"Bearer {token}"}

    command = [sys.executable, "-m", "klaster_events"]
    with running(command, core=server_core(), environment=told, log=folder / "suggestions.out") as process:
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/health/live", process=process)
        yield base, signed
