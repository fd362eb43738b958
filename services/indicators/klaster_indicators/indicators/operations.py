"""Rules of indicators: identities outlive editions; what an edition says of them is read whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.framework.asked import Asked
from klaster_indicators.framework.operations import (
    Framework,
    edition_asked,
    find_edition,
    read_framework,
    read_lifecycle,
)
from klaster_indicators.indicators import repository
from klaster_indicators.indicators.definitions import placed, rows_of
from klaster_indicators.indicators.errors import IndicatorNotFound, MeasureNotFound
from klaster_indicators.indicators.facts import IndicatorFacts, Retired, put_together
from klaster_indicators.indicators.filters import Filter
from klaster_indicators.indicators.recorded import facts_in, is_wanted
from klaster_indicators.indicators.repository import ORDER
from klaster_indicators.indicators.schemas import IndicatorListParameters
from klaster_shared.pagination import decode_cursor, next_cursor
from klaster_shared.text import fold


@dataclass(frozen=True, slots=True)
class LiveMeasure:
    """A measure that another service counts, and what it asks of the figure."""

    measure_id: UUID
    unit: str
    period: str
    figure: str


async def store_indicators(
    session: AsyncSession, *, edition_id: UUID, document: StrategyDocument, now: datetime
) -> set[str]:
    """Write what an edition says of its indicators; the codes of those that are new to us."""
    await repository.delete_definitions(session, edition_id)
    known = await repository.identities(session)
    new = set()
    for place in placed(document):
        code = place.item.code
        if (code, None) not in known:
            known[code, None] = await repository.add_indicator(session, code=code, now=now)
            new.add(code)
        for measure in place.item.measures:
            if (code, measure.code) not in known:
                known[code, measure.code] = await repository.add_measure(
                    session, indicator_id=known[code, None], code=measure.code, now=now
                )
    await session.flush()
    for rows in rows_of(document, edition_id=edition_id, identify=lambda code, measure: known[code, measure]):
        await repository.add_rows(session, rows)
    return new


async def forget_edition(session: AsyncSession, *, edition_id: UUID) -> None:
    """Remove what a draft says of indicators; the indicators and their observations stay."""
    await repository.delete_definitions(session, edition_id)


async def read_indicators(
    session: AsyncSession, *, framework: Framework, wanted: Filter | None = None
) -> list[IndicatorFacts]:
    """Indicators of an edition with all that hangs on them: one query per table, whatever their number."""
    if framework.document is not None:
        return await _recorded(session, framework, framework.document, wanted or Filter())
    edition_id = framework.edition.id
    rows = await repository.definitions(session, edition_id, wanted or Filter())
    ids = None if wanted is None or wanted == Filter() else [row.id for row in rows]
    return await _with_parts(session, edition_id, rows, ids)


async def list_indicators(
    session: AsyncSession, *, framework: Framework, parameters: IndicatorListParameters
) -> tuple[list[IndicatorFacts], str | None]:
    """One page of indicators, and the cursor behind it."""
    wanted, limit = filter_of(parameters, framework), parameters.limit
    if framework.document is not None:
        return _page_of(await _recorded(session, framework, framework.document, wanted), parameters)
    edition_id = framework.edition.id
    rows = await repository.definitions_page(session, edition_id, wanted, cursor=parameters.cursor, limit=limit)
    cursor = next_cursor(rows, limit=limit, order=ORDER, key=lambda row: (row.position,))
    page = rows[:limit]
    return await _with_parts(session, edition_id, page, [row.id for row in page]), cursor


async def count_indicators(session: AsyncSession, *, framework: Framework, parameters: IndicatorListParameters) -> int:
    """How many indicators the filters leave."""
    wanted = filter_of(parameters, framework)
    if framework.document is not None:
        return len(await _recorded(session, framework, framework.document, wanted))
    return await repository.count_definitions(session, framework.edition.id, wanted)


async def _recorded(
    session: AsyncSession, framework: Framework, document: StrategyDocument, wanted: Filter
) -> list[IndicatorFacts]:
    identities = await repository.identities(session)
    found = facts_in(document, edition_id=framework.edition.id, identities=identities)
    return [facts for facts in found if is_wanted(facts, wanted)]


def _page_of(
    found: Sequence[IndicatorFacts], parameters: IndicatorListParameters
) -> tuple[list[IndicatorFacts], str | None]:
    behind = decode_cursor(ORDER, parameters.cursor)[0] if parameters.cursor else -1
    rest = [facts for facts in found if facts.definition.position > behind][: parameters.limit + 1]
    cursor = next_cursor(rest, limit=parameters.limit, order=ORDER, key=lambda facts: (facts.definition.position,))
    return rest[: parameters.limit], cursor


async def _with_parts(
    session: AsyncSession, edition_id: UUID, rows: Sequence[Any], ids: Collection[UUID] | None
) -> list[IndicatorFacts]:
    return put_together(
        definitions=rows,
        effects=await repository.effects_of(session, edition_id, ids),
        measures=await repository.measures_of(session, edition_id, ids),
        baselines=await repository.baselines_of(session, edition_id, ids),
        targets=await repository.targets_of(session, edition_id, ids),
    )


def filter_of(parameters: IndicatorListParameters, framework: Framework) -> Filter:
    """What the query parameters ask for; a path that does not exist has no indicators."""
    return Filter(
        levels=parameters.level,
        paths=path_numbers(parameters.path, framework),
        effects=parameters.effect,
        programmes=parameters.programme,
        sigs=parameters.sig,
        live=parameters.live,
        words=fold(parameters.q).split() if parameters.q else (),
    )


def path_numbers(codes: Sequence[str], framework: Framework) -> list[int] | None:
    """The numbers of paths named by number or code; None where none is named."""
    if not codes:
        return None
    return [number for code in codes if (number := framework.path_number(code)) is not None]


async def get_indicator(session: AsyncSession, *, reference: str) -> Any:
    """The identity of an indicator, by id or code; raises IndicatorNotFound."""
    id_ = _as_uuid(reference)
    found = await repository.find_indicator(session, id=id_, code=None if id_ else reference)
    if found is None:
        raise IndicatorNotFound(f"There is no indicator {reference}")
    return found


Described = tuple[IndicatorFacts, Framework, Retired | None]


async def described(session: AsyncSession, *, reference: str, asked: Asked) -> Described:
    """An indicator as the edition asked for states it; one that it has dropped, as the last one did that had it.

    Raises IndicatorNotFound, EditionNotFound.
    """
    edition = await edition_asked(session, asked=asked)
    if edition is None:
        raise IndicatorNotFound(f"No strategy was in force on {asked.on}")
    framework = await read_framework(session, edition=edition)
    facts = await find_facts(session, framework=framework, reference=reference)
    if facts is not None:
        return facts, framework, None
    if asked.edition is not None or asked.known_at is not None:
        raise IndicatorNotFound(f"The edition {edition.code} has no indicator {reference}")
    return await retired_indicator(session, reference=reference, on=asked.on)


async def retired_indicator(
    session: AsyncSession, *, reference: str, on: date
) -> tuple[IndicatorFacts, Framework, Retired]:
    """An indicator that the edition in force has dropped, in the words of the last one that had it.

    on  the day asked for; raises IndicatorNotFound where no edition adopted by then had it, or the last one has it
    """
    identity = await get_indicator(session, reference=reference)
    said = await repository.editions_with(session, identity.id)
    adopted = [one for one in (await read_lifecycle(session)).adoptions if one.adopted <= on]
    for before, after in reversed(list(pairwise(adopted))):
        if before.id in said and after.id not in said:
            framework = await read_framework(session, edition=await find_edition(session, code=before.code))
            facts = await describe_indicator(session, framework=framework, reference=reference)
            return facts, framework, Retired(after.code, after.adopted)
    raise IndicatorNotFound(f"No edition in force has had the indicator {identity.code}")


async def describe_indicator(session: AsyncSession, *, framework: Framework, reference: str) -> IndicatorFacts:
    """What the edition says of an indicator; raises IndicatorNotFound where it says nothing."""
    found = await find_facts(session, framework=framework, reference=reference)
    if found is None:
        raise IndicatorNotFound(f"The edition {framework.edition.code} has no indicator {reference}")
    return found


async def find_facts(session: AsyncSession, *, framework: Framework, reference: str) -> IndicatorFacts | None:
    """What the edition says of an indicator, if anything; raises IndicatorNotFound where there never was one."""
    identity = await get_indicator(session, reference=reference)
    found = await read_indicators(session, framework=framework, wanted=Filter(ids=[identity.id]))
    return found[0] if found else None


def _as_uuid(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


def measure_of(facts: IndicatorFacts, code: str | None) -> Any:
    """What the edition says of a measure, by code, or of the only one; raises MeasureNotFound."""
    named = [measure.definition for measure in facts.measures if code in {None, measure.definition.code}]
    if len(named) != 1:
        known = ", ".join(measure.definition.code for measure in facts.measures)
        raise MeasureNotFound(f"{facts.definition.code} has these measures: {known}. Name one of them")
    return named[0]


async def measure_codes(session: AsyncSession, *, indicator: Any) -> dict[UUID, str]:
    """The codes of an indicator's measures by their ids."""
    return {row.id: row.code for row in await repository.find_measures(session, indicator.id)}


async def live_measures(session: AsyncSession, *, edition: Any) -> list[LiveMeasure]:
    """Every measure of an edition that another service counts."""
    rows = await repository.live_measures(session, edition.id)
    return [LiveMeasure(row.measure_id, row.unit, row.period, row.live) for row in rows]


async def measure_names(session: AsyncSession) -> dict[UUID, tuple[str, str]]:
    """The codes of indicator and measure by the measure's id, for every measure there has ever been."""
    return {row.id: (row.indicator, row.code) for row in await repository.measure_names(session)}
