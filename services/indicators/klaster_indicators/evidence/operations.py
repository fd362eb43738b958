"""Rules of evidence: one content once an indicator; withdrawn, its content goes and the note of it stays."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.evidence import repository
from klaster_indicators.evidence.errors import EvidenceFull, EvidenceNotFound, EvidenceWithdrawn
from klaster_indicators.evidence.media import require_kind
from klaster_indicators.evidence.models import EvidenceFile
from klaster_indicators.evidence.repository import ORDER
from klaster_indicators.evidence.schemas import EvidenceListParameters, EvidenceParameters, EvidenceRead
from klaster_shared.access import Role
from klaster_shared.changes import Kind, record_change
from klaster_shared.database import acting
from klaster_shared.errors import Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.pagination import next_cursor

COLLECTION = "evidence"
MOST_FILES = 200  # of one indicator: of a MiB each at most, they fill no disk by mistake
PREFIX = "/v1/indicators/"


async def list_evidence(
    session: AsyncSession, *, indicator: Any, parameters: EvidenceListParameters, office: bool
) -> tuple[Sequence[Any], str | None]:
    """One page of an indicator's files, the newest first, and the cursor behind it; all for the office."""
    rows = await repository.page(session, indicator.id, hidden=office, cursor=parameters.cursor, limit=parameters.limit)
    cursor = next_cursor(rows, limit=parameters.limit, order=ORDER, key=lambda row: (row.id,))
    return rows[: parameters.limit], cursor


async def count_evidence(session: AsyncSession, *, indicator: Any, office: bool) -> int:
    """How many files the caller may see."""
    return await repository.count(session, indicator.id, hidden=office)


async def get_evidence(
    session: AsyncSession, *, indicator: Any, file_id: UUID, office: bool, held: bool = False
) -> EvidenceFile:
    """One file (`held` where it is to be changed); raises EvidenceNotFound, also where the caller may not see it."""
    found = await repository.find(session, indicator.id, file_id, held=held)
    if found is None or not (found.public or office):
        raise EvidenceNotFound(f"{indicator.code} has no file {file_id}")
    return found


def content_of(file: EvidenceFile) -> bytes:
    """What is in a file; raises EvidenceWithdrawn."""
    if file.content is None:
        raise EvidenceWithdrawn(f"{file.name} was withdrawn on {file.withdrawn_at:%Y-%m-%d}")
    return file.content


async def add_evidence(
    session: AsyncSession, *, indicator: Any, content: bytes, media: str, stated: EvidenceParameters, now: datetime
) -> tuple[EvidenceFile, bool]:
    """Keep a file, and whether it is new: the same content again is the same file, under the name given last.

    Raises Malformed where it is not what it is called, EvidenceFull.
    """
    require_kind(content, media)
    await repository.hold_indicator(session, indicator.id)
    digest = hashlib.sha256(content).hexdigest()
    known = await repository.find_same(session, indicator.id, digest)
    if known is not None:
        return _again(session, known, indicator, content, media, stated), False
    if await repository.count(session, indicator.id, hidden=True) >= MOST_FILES:
        raise EvidenceFull(f"{indicator.code} has {MOST_FILES} files: name a link instead")
    file = EvidenceFile(
        id=new_id(),
        indicator_id=indicator.id,
        name=stated.name,
        media_type=media,
        size=len(content),
        sha256=digest,
        public=stated.public,
        content=content,
        recorded_at=now,
        recorded_by=acting(session).subject,
        version=1,
    )
    await repository.add(session, file)
    _note(session, file, indicator, "created")
    return file, True


def _again(
    session: AsyncSession,
    file: EvidenceFile,
    indicator: Any,
    content: bytes,
    media: str,
    stated: EvidenceParameters,
) -> EvidenceFile:
    said = (stated.name, media, stated.public, None)
    if (file.name, file.media_type, file.public, file.withdrawn_at) != said:
        hidden = file.public and not stated.public
        file.name, file.media_type, file.public, file.withdrawn_at = said
        file.content = content
        file.version += 1
        _note(session, file, indicator, "updated", hidden=hidden)
    return file


async def withdraw_evidence(session: AsyncSession, *, indicator: Any, file: EvidenceFile, now: datetime) -> None:
    """Remove what is in a file; that it was there, its name and its digest stay. Raises EvidenceWithdrawn."""
    content_of(file)
    file.content = None
    file.withdrawn_at = now
    file.version += 1
    _note(session, file, indicator, "updated")


async def require_files(session: AsyncSession, *, links: Sequence[str], indicator: str) -> None:
    """Refuse evidence that names a file which is not there, or another indicator's; raises Invalid."""
    missing = await missing_files(session, links=[(indicator, link) for link in links])
    for index, link in enumerate(links):
        if (indicator, link) in missing:
            raise Invalid.field(f"/evidence/{index}", "unknown_file", f"{indicator} has no file {link}")


async def missing_files(session: AsyncSession, *, links: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of links with the indicator whose value they support: those that name a file that it does not have."""
    named = [(indicator, link) for indicator, link in links if link.startswith(PREFIX)]
    if not named:
        return set()
    known = await repository.standing(session, {UUID(link.rpartition("/")[2]) for _, link in named})
    there = {(code, link_of(code, file_id)) for code, file_id in known}
    return {one for one in named if one not in there}


def link_of(indicator: str, file_id: UUID) -> str:
    """Where a file is read, and how observations name it."""
    return f"{PREFIX}{indicator}/evidence/{file_id}"


def evidence_read(row: Any, *, indicator: str, for_office: bool) -> EvidenceRead:
    """A file as it is written in answers."""
    return EvidenceRead(
        **{name: getattr(row, name) for name in EvidenceRead.model_fields if name not in _OWN},
        indicator=indicator,
        link=link_of(indicator, row.id),
        recorded_by=row.recorded_by if for_office else None,
    )


_OWN = {"indicator", "link", "recorded_by"}


def _note(session: AsyncSession, file: EvidenceFile, indicator: Any, kind: Kind, *, hidden: bool = False) -> None:
    """For the feed: what is hidden from now on appears there once more, for those who saw it."""
    read = evidence_read(file, indicator=indicator.code, for_office=False)
    audience: Role = "anonymous" if file.public else "office"
    if hidden:
        record_change(session, kind="deleted", collection=COLLECTION, id=file.id)
    record_change(session, kind=kind, collection=COLLECTION, id=file.id, record=read, audience=audience)
