"""Rules of editions and their framework: which edition holds, what it says, when it may still be written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.framework import repository
from klaster_indicators.framework.asked import Asked
from klaster_indicators.framework.errors import EditionNotFound, PathNotFound
from klaster_indicators.framework.lifecycle import Lifecycle
from klaster_indicators.framework.models import Edition, EditionRevision, Effect, Level, Path, Programme, Task
from klaster_indicators.framework.recorded import RecordedEdition, recorded_edition
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language, label_text
from klaster_shared.pagination import next_cursor


@dataclass(frozen=True, slots=True)
class Framework:
    """The parts of one edition that indicators hang on, by their codes."""

    edition: Any
    levels: Sequence[Any]
    paths: Sequence[Any]
    effects: Sequence[Any]
    programmes: Sequence[Any]
    document: StrategyDocument | None = None  # where it was recorded once, and the tables say something else by now

    def path_number(self, code: str) -> int | None:
        """The number of a path, by its code or the number itself."""
        return next((path.number for path in self.paths if code in {path.code, str(path.number)}), None)


async def find_edition(session: AsyncSession, *, code: str | None, on: date | None = None) -> Any | None:
    """The edition of that code, or the one in force; raises EditionNotFound for a code that does not exist.

    on  the day on which it was in force; by default the one adopted last
    None where no code was given and nothing had been adopted by then.
    """
    if code is None:
        return await repository.edition_in_force(session, on=on)
    found = await repository.edition_head(session, code)
    if found is None:
        raise EditionNotFound(f"There is no edition {code}")
    return found


async def edition_asked(session: AsyncSession, *, asked: Asked) -> Any | None:
    """The edition that is asked for, as it is, or as it was recorded then; raises EditionNotFound.

    Where its tables still say what they said then it comes from them; else it is read from its document of then.
    """
    if asked.known_at is None:
        return await find_edition(session, code=asked.edition, on=asked.on)
    known = [row for row in await repository.revisions_at(session, asked.known_at) if not row.gone]
    wanted = _wanted(known, asked)
    if wanted is None:
        return None
    head = await repository.edition_head(session, wanted.code)
    if head is not None and (head.id, head.version) == (wanted.edition_id, wanted.version):
        return head
    return recorded_edition(await repository.revision(session, wanted.edition_id, wanted.version))


def _wanted(known: Sequence[Any], asked: Asked) -> Any | None:
    if asked.edition is not None:
        named = [row for row in known if row.code == asked.edition]
        if not named:
            raise EditionNotFound(f"There was no edition {asked.edition} then")
        return named[0]
    held = [row for row in known if row.adopted is not None and row.adopted <= asked.on]
    return max(held, key=lambda row: (row.adopted, row.edition_id), default=None)


async def edition_id_of(session: AsyncSession, *, code: str) -> UUID:
    """The id of an edition, also of a draft that was given up; raises EditionNotFound."""
    found = await repository.last_edition_id(session, code)
    if found is None:
        raise EditionNotFound(f"There is no edition {code}")
    return found


async def edition_with_document(session: AsyncSession, *, code: str) -> Edition:
    """An edition with its document; raises EditionNotFound."""
    found = await repository.edition(session, code)
    if found is None:
        raise EditionNotFound(f"There is no edition {code}")
    return found


async def known_edition(session: AsyncSession, *, code: str) -> Edition | None:
    """An edition that may be about to change, held until it has; None where it is new."""
    return await repository.edition(session, code, held=True)


async def edition_to_change(session: AsyncSession, *, code: str) -> Edition:
    """An edition that is about to change, held until it has; raises EditionNotFound."""
    found = await known_edition(session, code=code)
    if found is None:
        raise EditionNotFound(f"There is no edition {code}")
    return found


async def page_of_editions(
    session: AsyncSession, *, cursor: str | None, limit: int
) -> tuple[Sequence[Any], str | None]:
    """One page of editions without their documents, and the cursor behind it."""
    rows = await repository.editions_page(session, cursor=cursor, limit=limit)
    following = next_cursor(rows, limit=limit, order=repository.EDITION_ORDER, key=lambda row: (row.code,))
    return rows[:limit], following


async def count_editions(session: AsyncSession) -> int:
    """How many editions there are."""
    return await repository.count_editions(session)


async def add_edition(session: AsyncSession, *, edition: Edition) -> None:
    """Write an edition, new or changed, and keep what it says from now on."""
    revision = EditionRevision(
        edition_id=edition.id,
        version=edition.version,
        code=edition.code,
        recorded_at=edition.updated_at,
        adopted=edition.adopted,
        document=edition.document,
    )
    await repository.add_rows(session, [edition, revision])


async def remove_edition(session: AsyncSession, *, edition: Edition, now: datetime) -> None:
    """Remove a draft with all that it says. What it said until now can still be asked for."""
    gone = EditionRevision(edition_id=edition.id, version=edition.version + 1, code=edition.code, recorded_at=now)
    await repository.add_rows(session, [gone])
    await repository.delete_framework(session, edition.id)
    await repository.delete_edition(session, edition.id)


async def read_lifecycle(session: AsyncSession) -> Lifecycle:
    """Which editions were adopted when: what makes them adopted or superseded."""
    return Lifecycle(await repository.adoptions(session))


async def read_framework(session: AsyncSession, *, edition: Any) -> Framework:
    """The framework of an edition: one query per table, none where it is read from its document."""
    if isinstance(edition, RecordedEdition):
        return _framework_in(edition)
    return Framework(
        edition=edition,
        levels=await repository.levels(session, edition.id),
        paths=await repository.paths(session, edition.id),
        effects=await repository.effects(session, edition.id),
        programmes=await repository.programmes(session, edition.id),
    )


def _framework_in(edition: RecordedEdition) -> Framework:
    document = edition.document
    return Framework(
        edition=edition,
        levels=_levels(edition.id, document),
        paths=sorted(_paths(edition.id, document), key=lambda path: path.number),
        effects=_effects(edition.id, document),
        programmes=_programmes(edition.id, document),
        document=document,
    )


async def read_tasks(session: AsyncSession, *, edition: Any) -> Sequence[Any]:
    """Tasks and services of an edition."""
    return await repository.tasks(session, edition.id)


def path_in(framework: Framework, code: str) -> Any:
    """A path by code or number; raises PathNotFound."""
    number = framework.path_number(code)
    if number is None:
        known = ", ".join(f"{path.number} ({path.code})" for path in framework.paths)
        raise PathNotFound(f"There is no path {code}; there are {known or 'none'}")
    return next(path for path in framework.paths if path.number == number)


def label_of(row: Any, language: Language, column: str = "name") -> str | dict[str, str]:
    """A bilingual column of a row in the language asked for."""
    return label_text(getattr(row, f"{column}_pl"), getattr(row, f"{column}_en"), language)


async def store_framework(session: AsyncSession, *, edition: Edition, document: StrategyDocument) -> None:
    """Write the framework of a new edition, or that of a draft anew."""
    await repository.delete_framework(session, edition.id)
    await repository.add_rows(
        session,
        [
            *_levels(edition.id, document),
            *_paths(edition.id, document),
            *_effects(edition.id, document),
            *_programmes(edition.id, document),
            *_tasks(edition.id, document),
        ],
    )


def _levels(edition_id: UUID, document: StrategyDocument) -> list[Level]:
    return [
        Level(
            id=new_id(),
            edition_id=edition_id,
            position=position,
            code=level.code,
            name_pl=level.name.pl,
            name_en=level.name.en,
            controlled=level.controlled,
            about_pl=level.indicators.pl,
            about_en=level.indicators.en,
        )
        for position, level in enumerate(document.levels)
    ]


def _paths(edition_id: UUID, document: StrategyDocument) -> list[Path]:
    return [
        Path(
            id=new_id(),
            edition_id=edition_id,
            number=path.n,
            code=path.code,
            name_pl=path.name.pl,
            name_en=path.name.en,
            vision_code=path.vision.code,
            vision_pl=path.vision.pl,
            vision_en=path.vision.en,
        )
        for path in document.paths
    ]


def _effects(edition_id: UUID, document: StrategyDocument) -> list[Effect]:
    return [
        Effect(
            id=new_id(),
            edition_id=edition_id,
            position=position,
            code=effect.code,
            printed_code=effect.number_printed,
            path=effect.path,
            name_pl=effect.name.pl,
            name_en=effect.name.en,
            note=effect.note,
        )
        for position, effect in enumerate(document.effects)
    ]


def _programmes(edition_id: UUID, document: StrategyDocument) -> list[Programme]:
    return [
        Programme(
            id=new_id(),
            edition_id=edition_id,
            position=position,
            code=programme.code,
            path=programme.path,
            name_pl=programme.name.pl,
            name_en=programme.name.en,
            note=programme.note,
        )
        for position, programme in enumerate(document.programmes)
    ]


def _tasks(edition_id: UUID, document: StrategyDocument) -> list[Task]:
    return [
        Task(
            id=new_id(),
            edition_id=edition_id,
            position=position,
            code=task.code,
            path=task.path,
            kind=task.kind,
            path_is_reading=task.column == "likely",
            name_pl=task.pl,
            name_en=task.en,
        )
        for position, task in enumerate(document.tasks)
    ]
