"""Rules of consents: words are kept in every version, and nobody agreed to words that they were not shown.

Nothing that is counted depends on a consent: one withdrawn moves no figure.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.consents import repository
from klaster_events.consents.errors import PurposeNotFound, PurposeRetired
from klaster_events.consents.models import ConsentText
from klaster_events.consents.schemas import ConsentGiven, ConsentTextCreate, ConsentTextListParameters, Occasion
from klaster_shared.changes import record_change
from klaster_shared.database import Actor
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language, label_text
from klaster_shared.pagination import PageParameters

TEXTS, CONSENTS = "consent_texts", "consents"
Asked = Mapping[str, ConsentText]
"""What people are asked for today, by purpose."""


async def list_texts(session: AsyncSession, *, parameters: ConsentTextListParameters) -> Sequence[ConsentText]:
    """One page of current texts by purpose, and one row more where there is more."""
    return await repository.texts_page(session, parameters)


async def count_texts(session: AsyncSession, *, parameters: ConsentTextListParameters) -> int:
    """How many there are in all."""
    return await repository.count_texts(session, parameters)


async def list_versions(
    session: AsyncSession, *, purpose: str, parameters: PageParameters
) -> tuple[Sequence[ConsentText], int]:
    """One page of a purpose's texts (and one row more where there is more), and how many there are in all.

    Raises PurposeNotFound.
    """
    total = await repository.count_versions(session, purpose)
    if not total:
        raise PurposeNotFound(f"Consent is asked for no purpose {purpose}")
    return await repository.versions_page(session, purpose, parameters), total


async def add_text(session: AsyncSession, *, given: ConsentTextCreate, now: datetime) -> ConsentText:
    """Give a purpose its words: its next version, or its first; the same words again are no new version."""
    last = await repository.newest(session, given.purpose, held=True)
    if last is not None and _says(last, given):
        return last
    added = ConsentText(
        purpose=given.purpose,
        version=last.version + 1 if last else 1,
        text_pl=given.text.pl,
        text_en=given.text.en,
        required=given.required,
        occasion=given.occasion,
        retired=False,
        created_at=now,
    )
    session.add(added)
    await session.flush()
    _log_text(session, added, kind="updated" if last else "created", changed=["text", "version"] if last else [])
    return added


def _says(text: ConsentText, given: ConsentTextCreate) -> bool:
    known = (text.text_pl, text.text_en, text.required, text.occasion, text.retired)
    return known == (given.text.pl, given.text.en, given.required, given.occasion, False)


async def retire_purpose(session: AsyncSession, *, purpose: str) -> ConsentText:
    """Ask nobody any more; what was agreed to stays. Raises PurposeNotFound, or PurposeRetired the second time."""
    found = await repository.newest(session, purpose, held=True)
    if found is None:
        raise PurposeNotFound(f"Consent is asked for no purpose {purpose}")
    if found.retired:
        raise PurposeRetired(f"{purpose} is retired already")
    found.retired = True
    _log_text(session, found, kind="updated", changed=["retired"])
    return found


async def asked_today(session: AsyncSession, *, occasion: Occasion = "registration") -> Asked:
    """What people are asked for today: read once for a batch of registrations."""
    return {text.purpose: text for text in await repository.asked(session, occasion)}


def check_against(asked: Asked, *, given: Sequence[ConsentGiven], pointer: str = "/consents") -> None:
    """Refuse what cannot be agreed to, and required purposes left out; raises Invalid with a pointer to each.

    Only the words in force count: whoever was shown older ones is asked again.
    """
    wrong = [
        FieldError(pointer=f"{pointer}/{number}/{error[0]}", code=error[1], detail=error[2])
        for number, one in enumerate(given)
        if (error := _wrong(asked, one, [before.purpose for before in given[:number]])) is not None
    ]
    agreed = {one.purpose for one in given}
    wrong += [
        FieldError(pointer=pointer, code="consent_required", detail=f"Nothing is done without {purpose}")
        for purpose, text in sorted(asked.items())
        if text.required and purpose not in agreed
    ]
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)


def _wrong(asked: Asked, one: ConsentGiven, before: Collection[str]) -> tuple[str, str, str] | None:
    text = asked.get(one.purpose)
    if text is None:
        return "purpose", "unknown_purpose", f"Consent is asked for no purpose {one.purpose}"
    if one.version != text.version:
        return "version", "other_version", f"The words for {one.purpose} are version {text.version} by now"
    return ("purpose", "repeated", f"{one.purpose} is given twice") if one.purpose in before else None


async def check_given(
    session: AsyncSession,
    *,
    given: Sequence[ConsentGiven],
    occasion: Occasion = "registration",
    pointer: str = "/consents",
) -> None:
    """As `check_against` what is asked for today; raises Invalid."""
    check_against(await asked_today(session, occasion=occasion), given=given, pointer=pointer)


async def took_back(session: AsyncSession, *, person_ids: Collection[UUID], occasion: Occasion) -> set[UUID]:
    """Who of these people took back what is required on an occasion, and did not agree anew."""
    asked = await asked_today(session, occasion=occasion)
    required = [purpose for purpose, text in asked.items() if text.required]
    return set(await repository.withdrawn_by(session, person_ids, required))


async def give(
    session: AsyncSession,
    *,
    pairs: Sequence[tuple[UUID, Sequence[ConsentGiven]]],
    event_id: UUID | None,
    now: datetime,
    actors: Mapping[UUID, Actor] | None = None,
) -> None:
    """Write down what each person agreed to, as checked before; in one statement for all of them.

    `actors`: who said so for a person, for the change log, where that is not the transaction's own.
    """
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "person_id": person_id,
            "purpose": one.purpose,
            "text_version": one.version,
            "event_id": event_id,
            "given_at": now,
            "withdrawn_at": None,
        }
        for person_id, given in pairs
        for one in given
    ]
    if rows:
        await repository.add_consents(session, rows)
    for row in rows:
        _log(session, "created", [row["id"]], ["given_at"], (actors or {}).get(row["person_id"]))


async def withdraw(session: AsyncSession, *, person_id: UUID, purpose: str, now: datetime) -> int:
    """Take back what a person agreed to for a purpose; how many consents that were. A second time changes nothing."""
    ended = await repository.withdraw(session, person_id, purpose, now=now)
    _log(session, "updated", ended, ["withdrawn_at"])
    return len(ended)


async def consents_of(session: AsyncSession, *, person_id: UUID, language: Language) -> list[dict[str, Any]]:
    """The history of a person's consents, each with the words that were shown; the first first."""
    rows = await repository.consents_of(session, person_id)
    texts = await repository.texts(session, {row.purpose for row in rows})
    return [
        {
            "purpose": row.purpose,
            "version": row.text_version,
            "text": _words(texts[row.purpose, row.text_version], language),
            "event_id": row.event_id,
            "given_at": row.given_at,
            "withdrawn_at": row.withdrawn_at,
        }
        for row in rows
    ]


async def forget_consents(session: AsyncSession, *, person_ids: Collection[UUID]) -> int:
    """Delete what these people agreed to, who are being erased; how many consents that were."""
    gone = await repository.delete_consents_of(session, person_ids) if person_ids else []
    _log(session, "deleted", gone, [])
    return len(gone)


async def drop_consents(session: AsyncSession, *, ids: Collection[UUID]) -> int:
    """Delete consents that nobody stands behind; how many there were."""
    gone = await repository.delete_consents(session, ids) if ids else []
    _log(session, "deleted", gone, [])
    return len(gone)


def record_of(text: ConsentText, language: Language) -> dict[str, Any]:
    """A text as it is written in answers and in the change log."""
    return {
        "purpose": text.purpose,
        "version": text.version,
        "text": _words(text, language),
        "required": text.required,
        "occasion": text.occasion,
        "retired": text.retired,
        "created_at": text.created_at,
    }


def _words(text: ConsentText, language: Language) -> str | dict[str, str]:
    return label_text(text.text_pl, text.text_en, language)


def _log_text(session: AsyncSession, text: ConsentText, *, kind: Any, changed: Sequence[str]) -> None:
    record = record_of(text, "all")
    record_change(session, kind=kind, collection=TEXTS, id=text.purpose, changed=changed, record=record)


def _log(
    session: AsyncSession, kind: Any, ids: Sequence[UUID], changed: Sequence[str], actor: Actor | None = None
) -> None:
    # What somebody agreed to is personal: the log says that a consent was given or ended, not whose and to what.
    for consent_id in ids:
        record_change(
            session, kind=kind, collection=CONSENTS, id=consent_id, changed=changed, audience="office", actor=actor
        )
