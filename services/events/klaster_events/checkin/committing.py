"""The scans of one turn: stored together, with a verdict for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from klaster_events.checkin.scanning import Brought, record_scans
from klaster_events.checkin.telling import verdicts
from klaster_events.turns import Turns
from klaster_shared.database import Database
from klaster_shared.labels import Language

_MOST = 100  # of one transaction: more would make those who come next wait for longer than it saves
Verdict = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan, and the language in which its sender reads the verdict."""

    brought: Brought
    language: Language


ScanTurns = Turns[Scanned, Verdict]


def scan_turns(database: Database) -> ScanTurns:
    """How the scans of this process take turns."""

    async def commit(event_id: UUID, scans: Sequence[Scanned]) -> Sequence[Verdict | Exception]:
        async with database.write() as session:
            outcomes = await record_scans(session, event_id=event_id, scans=[one.brought for one in scans])
            told = await verdicts(session, outcomes=outcomes, languages=[one.language for one in scans])
        return [
            outcome.unstored[1] if outcome.unstored is not None else verdict
            for outcome, verdict in zip(outcomes, told, strict=True)
        ]

    return Turns(commit, most=_MOST)
