"""A registry of any size, the same on every run: organisations with a life in the register, written by bulk insert."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from typing import Any
from uuid import UUID

import asyncpg
from pydantic_core import to_json
from sqlalchemy import insert

from klaster_registry.database import open_database
from klaster_registry.entities import parts
from klaster_registry.entities.documents import Aspect, Whole, derive, document_of
from klaster_registry.entities.lines import keep_document
from klaster_registry.entities.models import Entity
from klaster_registry.entities.places.schemas import SeatIn
from klaster_registry.entities.schemas import CodePeriodIn, EntityCreate, IdentifierIn, LinkIn, NameIn
from klaster_registry.periods import END, Period
from klaster_registry.seeding.files import taxonomies
from klaster_registry.taxonomies.models import Term
from klaster_shared.identifiers import new_id
from klaster_shared.migrations import upgrade

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CHUNK = 2000
_CITIES = ("Kraków", "Tarnów", "Nowy Sącz", "Oświęcim", "Łódź", "Gdańsk", "Wrocław", "Lublin", "Rzeszów", "Wieliczka")
_FIRST = ("Bio", "Medi", "Life", "Geno", "Onko", "Neuro", "Vita", "Pharma", "Nano", "Kardio", "Agro", "Żywność")
_SECOND = ("Tech", "Lab", "Diagnostyka", "Instytut", "Klinika", "Systemy", "Badania", "Innowacje", "Zdrowie", "Śląsk")
_FORMS = ("sp. z o.o.", "S.A.", "Fundacja", "Uniwersytet", "Szpital", "Stowarzyszenie")
_GROUPS = ("BIOF", "BIZ", "MED", "RD", "EDU", "GOV")
_KINDS = ("company", "education", "healthcare", "facility", "funder", "nonprofit", "clinical_hospital", "bank")
_MARKETS = ("EU", "USA_CANADA", "SOUTH_AMERICA", "ASIA")
_SIGS = ("talents", "infrastructure", "funding", "international")


def wholes(count: int, *, seed: int = 2026) -> Iterator[Whole]:
    """Organisations with names, identifiers, links and what held when: about nine periods each."""
    chance = random.Random(seed)
    for number in range(count):
        yield _whole(chance, number)


async def fill(database_url: str, count: int) -> None:
    """A migrated database with taxonomies and `count` organisations."""
    await upgrade(database_url, "klaster_registry")
    await _insert_terms(database_url)
    entities = wholes(count)
    while chunk := list(islice(entities, CHUNK)):
        await _insert(database_url, chunk)
    if database_url.startswith("postgresql"):
        connection = await asyncpg.connect(database_url)
        await connection.execute("VACUUM ANALYZE")  # what autovacuum does within minutes
        await connection.close()


def _whole(chance: random.Random, number: int) -> Whole:
    name = f"{chance.choice(_FIRST)}{chance.choice(_SECOND)} {chance.choice(_FORMS)} {number:06d}"
    founded = date(1950, 1, 1) + timedelta(days=chance.randrange(25_000))
    given = EntityCreate(
        names=[
            NameIn(value=name, lang="pl"),
            NameIn(value=f"{name} Ltd", lang="en", role="alias"),
            NameIn(value=f"{name[:2].upper()}{number}", role="acronym"),
        ],
        interest_group=chance.choice(_GROUPS),
        fields=chance.sample(("medicine", "food", "environment"), chance.randrange(3)),
        legal_form=chance.choice(_FORMS),
        startup=chance.random() < 0.1,
        founded_on=founded.isoformat(),
        seat=SeatIn(
            street=f"ul. Długa {number % 200}",
            postal_code=f"30-{number % 1000:03d}",
            city=chance.choice(_CITIES),
            subdivision="PL-12",
            country="PL",
            latitude=50.06,
            longitude=19.94,
        ),
        links=[LinkIn(url=f"https://www.example-{number}.pl/")],
        identifiers=[
            IdentifierIn(scheme="krs", value=f"{number:010d}"),
            IdentifierIn(scheme="grid", value=f"grid.{number}.1"),
        ],
        kinds=[CodePeriodIn(code=chance.choice(_KINDS))],
        source="benchmark",
    )
    entity_id = UUID(int=(0x0190_0000_0000_7000_8000 << 48) + number)
    entity = parts.new_entity(given, entity_id=entity_id, source_key=str(number), now=NOW)
    whole = parts.new_whole(entity, given, NOW, {})
    _live(whole, chance, max(founded, date(2010, 1, 1)))
    derive(whole)
    keep_document(entity, to_json(document_of(whole, ())))
    return whole


def _live(whole: Whole, chance: random.Random, since: date) -> None:
    """Three in four are registered, some of these have left, half of them cooperate: over fifteen years."""
    entity, drawn = whole.entity, chance.random()
    if drawn < 0.2:
        return
    applied = min(since + timedelta(days=chance.randrange(3000)), date(2025, 1, 1))
    registered = applied + timedelta(days=28)
    left = registered + timedelta(days=400) if drawn > 0.9 else END
    entity.rbw_number = int(entity.source_key) + 1
    entity.registration = "registered" if left == END else "left"
    _hold(whole, "registration", "applied", Period(applied, registered))
    _hold(whole, "registration", "registered", Period(registered, left))
    if left < END:
        _hold(whole, "registration", "left", Period(left, END))
    _hold(whole, "group", chance.choice(_SIGS), Period(registered, left))
    if drawn < 0.6:
        _hold(whole, "cooperation", "", Period(registered, registered + timedelta(days=365)))
        _hold(whole, "partnership", "", Period(registered + timedelta(days=365), left))
        for market in chance.sample(_MARKETS, 2):
            _hold(whole, "market", market, Period(registered, END))
    if drawn < 0.4:
        _hold(whole, "digital_audit", "audit", Period(registered + timedelta(days=90), END))
        _hold(whole, "network", "CEBR", Period(registered, END))


def _hold(whole: Whole, aspect: Aspect, value: str, period: Period) -> None:
    if period.valid_from <= period.valid_until:
        whole.validities.append(parts.validity(whole.entity.id, aspect, value, period))


async def _insert_terms(database_url: str) -> None:
    database = open_database(database_url)
    rows = [
        Term(
            id=new_id(),
            taxonomy=taxonomy,
            code=term["code"],
            name_pl=term["name"]["pl"],
            name_en=term["name"]["en"],
            position=position,
            flags=term.get("flags", []),
            retired=False,
            version=1,
            updated_at=NOW,
        ).model_dump()
        for taxonomy, terms in taxonomies().items()
        for position, term in enumerate(terms)
    ]
    async with database.write() as session:
        await session.execute(insert(Term), rows)
    await database.dispose()


async def _insert(database_url: str, chunk: Iterable[Whole]) -> None:
    """COPY on PostgreSQL: what is measured is reading."""
    rows: dict[Any, list[dict[str, Any]]] = {Entity: []}
    for whole in chunk:
        for row in (whole.entity, *chain.from_iterable(whole.parts())):
            rows.setdefault(type(row), []).append(row.model_dump())
    if database_url.startswith("postgresql"):
        await _copy(database_url, rows)
        return
    database = open_database(database_url)
    async with database.write() as session:
        for table, found in rows.items():
            await session.execute(insert(table), found)
    await database.dispose()


async def _copy(database_url: str, rows: dict[Any, list[dict[str, Any]]]) -> None:
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        for table, found in rows.items():
            columns = [column.name for column in table.__table__.columns]
            records = [[row[name] for name in columns] for row in found]
            await connection.copy_records_to_table(table.__tablename__, records=records, columns=columns)
    await connection.close()
