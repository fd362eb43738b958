"""Rules of matching: identifiers first, then names; at most one match, and none where another may be meant."""

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from klaster_registry.entities.documents import rbw_text
from klaster_registry.entities.identifiers import check
from klaster_registry.matching import repository
from klaster_registry.matching.features import FEATURES
from klaster_registry.matching.finding import Candidate, candidates, decide, probability, weights
from klaster_registry.matching.following import index_of
from klaster_registry.matching.index import Index
from klaster_registry.matching.reading import Claim, Reading, read
from klaster_registry.matching.repository import Shown
from klaster_registry.matching.schemas import CandidateRead, ClaimRead, MatchedRead, MatchRow, Outcome
from klaster_shared.database import Database

_AT_ONCE = 4  # questions, a few milliseconds each, before whoever else waits is served
_NUMBER = re.compile(r"\bRBW-([0-9]{6,9})\b")
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


@dataclass(slots=True)
class _Question:
    row: MatchRow
    reading: Reading
    claims: list[Claim]
    own: frozenset[tuple[str, str]]  # our own numbers and ids in the text
    owners: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class _Scored:
    id: UUID
    score: float
    values: dict[str, float]
    text: str | None


@dataclass(slots=True)
class _Answer:
    question: _Question
    outcome: Outcome
    match: UUID | None
    found: list[_Scored]


async def match(database: Database, *, rows: Sequence[MatchRow], limit: int) -> list[MatchedRead]:
    """Answers in the order of the rows, each as if it had been asked alone.

    However many rows there are: one look at the change log, and one statement each for identifiers, our own numbers and
    what is shown of candidates.
    """
    index = await index_of(database)
    questions = [_question(row) for row in rows]
    await _look_up(database, questions)
    answers = []
    for at, question in enumerate(questions, start=1):
        answers.append(_answer(index, question, limit))
        if at % _AT_ONCE == 0:
            await asyncio.sleep(0)
    async with database.read() as session:
        shown = await repository.shown(session, {one.id for answer in answers for one in answer.found})
    return [_read(answer, shown) for answer in answers]


def _question(row: MatchRow) -> _Question:
    reading = read(row.name)
    stated = []
    for identifier in row.identifiers:
        checked = check(identifier.scheme, identifier.value)
        stated.append(Claim(identifier.scheme, checked.value, checked.verdict, checked.reason))
    claims = {(claim.scheme, claim.value): claim for claim in [*stated, *reading.claims]}
    own = {("rbw", number) for number in _NUMBER.findall(row.name)} | {("id", one) for one in _ID.findall(row.name)}
    return _Question(row, reading, list(claims.values()), frozenset(own))


async def _look_up(database: Database, questions: Collection[_Question]) -> None:
    """Find out whose identifiers these are; wrong ones are nobody's."""
    claims = {(one.scheme, one.value) for asked in questions for one in asked.claims if one.verdict != "invalid"}
    own = {one for asked in questions for one in asked.own}
    if not claims and not own:
        return
    async with database.read() as session:
        owners = await repository.claimants(session, claims)
        numbers = await repository.numbered(session, {int(value) for scheme, value in own if scheme == "rbw"})
        ids = await repository.survivors(session, {UUID(value) for scheme, value in own if scheme == "id"})
    for asked in questions:
        for claim in asked.claims:
            asked.owners |= owners.get((claim.scheme, claim.value), set())
        for scheme, value in asked.own:
            owner = numbers.get(int(value)) if scheme == "rbw" else ids.get(UUID(value))
            asked.owners |= {owner} if owner else set()


def _answer(index: Index, question: _Question, limit: int) -> _Answer:
    counted = weights()
    found = candidates(index, question.reading, city=question.row.city, country=question.row.country, counted=counted)
    best, outcome = decide(found, counted)
    chosen = index.id_of(best.number) if best else None
    scored = [_scored(index, question, one) for one in found[: limit + 1]]
    if best is not None:
        scored.sort(key=lambda one: one.id != chosen)
    if not question.owners:
        is_unknown = bool(question.claims) and not question.reading.words
        return _Answer(question, "unknown" if is_unknown else outcome, chosen, scored[:limit])
    known = {one.id: one for one in scored}
    identified = [
        _Scored(one, 1.0, {**(known[one].values if one in known else {}), "identifier": 1.0}, _text_of(known.get(one)))
        for one in sorted(question.owners)
    ]
    others = [one for one in scored if one.id not in question.owners]
    alone = identified[0].id if len(identified) == 1 else None
    return _Answer(
        question, "match" if alone else "conflicting_identifiers", alone, [*identified, *others][: max(limit, 1)]
    )


def _text_of(scored: _Scored | None) -> str | None:
    return scored.text if scored else None


def _scored(index: Index, question: _Question, one: Candidate) -> _Scored:
    words = question.reading.words
    text = " ".join(words[at].text for at in sorted(one.name.span))
    values = {name: round(one.values[name], 4) for name in FEATURES}
    return _Scored(index.id_of(one.number), round(probability(one.odds), 4), values, text or None)


def _read(answer: _Answer, shown: Mapping[UUID, Shown]) -> MatchedRead:
    claims = [
        ClaimRead(scheme=one.scheme, value=one.value, verdict=one.verdict, reason=one.reason)
        for one in answer.question.claims
    ]
    found = [
        CandidateRead(
            **{**shown[one.id]._asdict(), "rbw_number": rbw_text(shown[one.id].rbw_number)},
            score=one.score,
            match=one.id == answer.match,
            text=one.text,
            features=one.values,
        )
        for one in answer.found
        if one.id in shown  # deleted while we were at it: as if it had never been found
    ]
    gone = answer.match is not None and answer.match not in shown
    return MatchedRead(outcome="nothing" if gone else answer.outcome, identifiers=claims, candidates=found)
