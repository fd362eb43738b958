"""Rules of reconciliation: queries become rows to be matched, types and properties narrow what comes back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from klaster_registry.entities import operations as entities
from klaster_registry.entities.errors import AmbiguousReference, EntityNotFound
from klaster_registry.matching import operations as matching
from klaster_registry.matching.schemas import MAX_TEXT, CandidateRead, MatchedRead, MatchRow, StatedIdentifier
from klaster_registry.matching.wording import sentence
from klaster_registry.reconciliation import repository
from klaster_registry.reconciliation.manifest import everything
from klaster_registry.reconciliation.properties import EVERYTHING, PROPERTIES, SCHEMES, agrees, country_code, told
from klaster_registry.reconciliation.schemas import (
    BATCH_SIZE,
    DEFAULT_LIMIT,
    EXTENDED,
    MAX_LIMIT,
    ExtendQuery,
    ReconciliationQuery,
)
from klaster_registry.search import operations as search
from klaster_registry.search.schemas import SuggestParameters
from klaster_shared.database import Database
from klaster_shared.errors import TooLarge
from klaster_shared.labels import Language
from klaster_shared.text import fold

SUGGESTED = 10
_REACH = 50  # suggestions of entities that can be paged through
_DISAGREES = 0.5  # of the score is left for whoever is of another kind, or differs in a property


async def reconcile(
    database: Database, *, queries: Mapping[str, ReconciliationQuery], language: Language
) -> dict[str, Any]:
    """Candidates of each query, the best first; raises TooLarge beyond the batch that the manifest names."""
    if len(queries) > BATCH_SIZE:
        raise TooLarge(f"Send up to {BATCH_SIZE} queries at a time, as the manifest says")
    rows = {key: row for key, query in queries.items() if (row := _row(query)) is not None}
    found = await matching.match(database, rows=list(rows.values()), limit=MAX_LIMIT) if rows else []
    answers = dict(zip(rows, found, strict=True))
    ids = {candidate.id for answer in found for candidate in answer.candidates}
    async with database.read() as session:
        documents = await repository.documents(session, ids)
        names = _kind_names(await repository.kinds(session), language)
    read = {entity_id: from_json(document) for entity_id, document in documents.items()}
    return {
        key: {"result": _result(query, answers[key], read, names, language) if key in answers else []}
        for key, query in queries.items()
    }


def _row(query: ReconciliationQuery) -> MatchRow | None:
    said: dict[str, list[str]] = {}
    for one in query.properties:
        said.setdefault(one.pid, []).extend(one.values())
    name = (query.query or "").strip() or next(iter(said.get("name", said.get("acronym", []))), "")
    identifiers = [
        StatedIdentifier(scheme=scheme, value=value[:100]) for scheme in SCHEMES for value in said.get(scheme, [])[:2]
    ]
    # Our own numbers and ids are found in the text, wherever they stand in it.
    own = " ".join(said.get("rbw_number", [])[:1])
    if not (name or identifiers or own):
        return None
    city, country = next(iter(said.get("city", [])), None), next(iter(said.get("country", [])), None)
    return MatchRow.model_construct(
        name=f"{name[:MAX_TEXT]} {own}".strip(),
        identifiers=identifiers,
        city=city[:200] if city else None,
        country=country_code(country) if country else None,
    )


def _result(
    query: ReconciliationQuery,
    answer: MatchedRead,
    documents: Mapping[UUID, Any],
    kinds: Mapping[str, str],
    language: Language,
) -> list[dict[str, Any]]:
    found = []
    for candidate in answer.candidates:
        document = documents.get(candidate.id)
        if document is None:
            continue
        own = [EVERYTHING, *(kind["code"] for kind in document.get("kinds", ()))]
        if not _is_allowed(query, own):
            continue
        compared = {
            f"property_{one.pid}": verdict
            for one in query.properties
            if one.pid in PROPERTIES and (verdict := agrees(document, one.pid, one.values())) is not None
        }
        if query.types:
            compared["type"] = not set(query.types).isdisjoint(own)
        types = [
            {"id": code, "name": everything(language) if code == EVERYTHING else kinds.get(code, code)} for code in own
        ]
        found.append(_candidate(candidate, document, compared, types, language))
    found.sort(key=lambda one: (not one["match"], -one["score"]))
    for one in found[1:]:  # clients sort by score, and take a match only where it is first
        one["score"] = min(one["score"], found[0]["score"])
    return found[: min(MAX_LIMIT, int(query.limit or DEFAULT_LIMIT) or 1)]


def _is_allowed(query: ReconciliationQuery, own: Sequence[str]) -> bool:
    if not query.types or query.type_strict == "should":
        return True
    return set(query.types) <= set(own) if query.type_strict == "all" else not set(query.types).isdisjoint(own)


def _candidate(
    candidate: CandidateRead,
    document: Mapping[str, Any],
    compared: Mapping[str, bool],
    types: list[dict[str, str]],
    language: Language,
) -> dict[str, Any]:
    # An identifier is proof whatever another column says; a name is not.
    is_proven = "identifier" in candidate.features
    score = candidate.score * (1 if is_proven else _DISAGREES ** sum(not verdict for verdict in compared.values()))
    values = {**candidate.features, **{name: float(verdict) for name, verdict in compared.items()}}
    return {
        "id": str(candidate.id),
        "name": candidate.name,
        "description": description(document, language),
        "score": round(score * 100, 2),
        "match": candidate.match and (is_proven or all(compared.values())),
        "type": types,
        "features": [{"id": name, "value": value} for name, value in values.items()],
    }


_EXISTENCE = {"inactive": ("nie działa", "inactive"), "withdrawn": ("rekord wycofany", "withdrawn record")}


def description(document: Mapping[str, Any], language: Language) -> str:
    """What tells one namesake from another: place, number, and whether it is still there."""
    seat = document.get("seat") or {}
    place = ", ".join(part for part in (seat.get("city"), seat.get("country")) if part)
    polish, english = _EXISTENCE.get(document["existence"], ("", ""))
    state = polish if language == "pl" else english
    return " · ".join(part for part in (place, document.get("rbw_number"), state) if part)


async def extend(database: Database, *, asked: ExtendQuery, language: Language) -> dict[str, Any]:
    """Values of properties, row by row; an entity that is not there has none. Raises TooLarge for too many rows."""
    if len(asked.ids) > EXTENDED:
        raise TooLarge(f"Ask for up to {EXTENDED} entities at a time")
    ids = {text: entity_id for text in asked.ids if (entity_id := _uuid(text)) is not None}
    async with database.read() as session:
        documents = await repository.documents(session, set(ids.values()))
    read = {entity_id: from_json(document) for entity_id, document in documents.items()}
    rows = {}
    for text in asked.ids:
        document = read.get(ids[text]) if text in ids else None
        rows[text] = {one.id: told(document, one.id, one.settings) if document else [] for one in asked.properties}
    return {"meta": [_meta(one.id, language) for one in asked.properties], "rows": rows}


def _meta(pid: str, language: Language) -> dict[str, Any]:
    known = PROPERTIES.get(pid)
    meta: dict[str, Any] = {"id": pid, "name": known.name(language) if known else pid}
    return {**meta, "type": {"id": EVERYTHING, "name": everything(language)}} if known and known.is_entity else meta


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def proposed(*, language: Language, limit: int | None) -> list[dict[str, str]]:
    """Properties that can be fetched, the commonest first; the same for every type."""
    every = [{"id": one.id, "name": one.name(language)} for one in PROPERTIES.values()]
    return every[:limit] if limit else every


async def suggest_entities(database: Database, *, prefix: str, cursor: int, language: Language) -> list[dict[str, Any]]:
    """Entities by the beginning of a name; one that is named by its id, number or identifier comes first."""
    asked = prefix.strip()[:200]
    if not asked or cursor >= _REACH:
        return []
    named = await named_entity(database, reference=asked)
    size = min(_REACH, cursor + SUGGESTED)
    parameters = SuggestParameters(q=asked, collection=["entities"], limit=size)
    rows = await search.suggest(database, parameters=parameters, audiences=("anonymous",))
    async with database.read() as session:
        documents = await repository.documents(session, {UUID(row.record_id) for row in rows})
    found = [
        {
            "id": row.record_id,
            "name": row.title_pl if language == "pl" else row.title_en,
            "description": description(read, language),
        }
        for row in rows
        if (read := _read(documents, row.record_id)) is not None
    ]
    if named is not None:
        first = {"id": str(named["id"]), "name": named["name"], "description": description(named, language)}
        found = [first, *(one for one in found if one["id"] != first["id"])]
    return found[cursor:size]


def _read(documents: Mapping[UUID, str], record_id: str) -> Any:
    document = documents.get(UUID(record_id))
    return None if document is None else from_json(document)


async def named_entity(database: Database, *, reference: str) -> Any:
    """The document of the entity that an id, a number or an identifier names; None where none does, or several."""
    async with database.read() as session:
        try:
            entity_id = await entities.resolve(session, reference=reference[:140])
        except (EntityNotFound, AmbiguousReference):
            return None
        documents = await repository.documents(session, [entity_id])
    return from_json(documents[entity_id]) if entity_id in documents else None


async def suggest_types(database: Database, *, prefix: str, cursor: int, language: Language) -> list[dict[str, Any]]:
    """Kinds whose name or code has a word that begins so."""
    async with database.read() as session:
        kinds = await repository.kinds(session)
    every = [(EVERYTHING, everything(language)), *((one.code, one.pl if language == "pl" else one.en) for one in kinds)]
    return _beginning(every, prefix, cursor)


def suggest_properties(*, prefix: str, cursor: int, language: Language) -> list[dict[str, Any]]:
    """Properties whose name or id has a word that begins so."""
    return _beginning(((one.id, one.name(language)) for one in PROPERTIES.values()), prefix, cursor)


def _beginning(every: Iterable[tuple[str, str]], prefix: str, cursor: int) -> list[dict[str, Any]]:
    asked = fold(prefix)
    found = [
        {"id": code, "name": name}
        for code, name in every
        if fold(code).startswith(asked) or any(part.startswith(asked) for part in (fold(name), *fold(name).split()))
    ]
    return found[cursor : cursor + SUGGESTED]


async def named(database: Database, *, what: str, code: str, language: Language) -> str | None:
    """The name of a type or a property; None where there is none."""
    if what == "property":
        return PROPERTIES[code].name(language) if code in PROPERTIES else None
    kinds = await kind_names(database, language=language)
    return everything(language) if code == EVERYTHING else kinds.get(code)


async def kind_names(database: Database, *, language: Language) -> dict[str, str]:
    """Names of kinds by their codes."""
    async with database.read() as session:
        return _kind_names(await repository.kinds(session), language)


def _kind_names(kinds: Iterable[repository.KindNamed], language: Language) -> dict[str, str]:
    return {kind.code: kind.pl if language == "pl" else kind.en for kind in kinds}


def feature_named(*, feature: str, language: Language) -> str | None:
    """What a feature of a candidate says; None where there is no such feature."""
    pid = feature.removeprefix("property_")
    if pid == feature or pid not in PROPERTIES:
        return sentence(feature, language)
    name = PROPERTIES[pid].name(language)
    return f"Zgadza się: {name}" if language == "pl" else f"Agrees: {name}"
