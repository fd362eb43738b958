"""Observations over HTTP."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from klaster_indicators.framework.operations import find_edition, read_framework
from klaster_indicators.indicators.errors import IndicatorNotFound
from klaster_indicators.indicators.operations import describe_indicator, get_indicator, measure_codes, measure_of
from klaster_indicators.indicators.routes import IndicatorInPath
from klaster_indicators.observations import operations
from klaster_indicators.observations.reads import observation_read
from klaster_indicators.observations.schemas import (
    ObservationCreate,
    ObservationListParameters,
    ObservationRead,
    ObservationUpdate,
)
from klaster_shared.access import may, operation
from klaster_shared.dependencies import CurrentPrincipal, Now, ReadSession, Today, WriteSession
from klaster_shared.etags import conditional_json, record_etag, require_match
from klaster_shared.pagination import Page, next_link
from klaster_shared.routing import api_router

router = api_router("observations")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Drafts, and who recorded what, are for the office alone."""

    office: bool


async def _reader(principal: CurrentPrincipal) -> _Reader:
    return _Reader(office=may(principal.role, "office"))


Reader = Annotated[_Reader, Depends(_reader)]


@router.get(
    "/v1/indicators/{id:indicator}/observations",
    operation_id="list_observations",
    summary="What was measured, the newest period first",
    response_model=Page[ObservationRead],
    **operation(role="anonymous", scope="indicators:read", problems=(404,)),
)
async def list_observations(
    request: Request,
    session: ReadSession,
    reader: Reader,
    reference: IndicatorInPath,
    parameters: Annotated[ObservationListParameters, Query()],
) -> Response:
    """Verified and superseded values with where they come from; the office sees drafts too."""
    indicator = await get_indicator(session, reference=reference)
    codes = await measure_codes(session, indicator=indicator)
    wanted = {id_ for id_, code in codes.items() if not parameters.measure or code in parameters.measure}
    how: dict[str, Any] = {"measure_ids": wanted, "parameters": parameters, "drafts": reader.office}
    rows, cursor = await operations.list_observations(session, **how)
    items = [
        observation_read(row, indicator=indicator.code, measure=codes[row.measure_id], for_office=reader.office)
        for row in rows
    ]
    page: dict[str, Any] = {"items": items, "next": cursor}
    if parameters.count:
        page["total"] = await operations.count_observations(session, **how)
    return conditional_json(request, page, public=not reader.office, headers=next_link(request, cursor))


@router.post(
    "/v1/indicators/{id:indicator}/observations",
    operation_id="create_observation",
    summary="Record a value",
    status_code=201,
    response_model=ObservationRead,
    **operation(role="office", scope="indicators:write", problems=(404, 409)),
)
async def create_observation(
    request: Request,
    session: WriteSession,
    now: Now,
    today: Today,
    reference: IndicatorInPath,
    given: ObservationCreate,
) -> Response:
    """As a draft, or verified at once. A verified value of the same period is superseded, with the reason."""
    edition = await find_edition(session, code=None)
    if edition is None:
        raise IndicatorNotFound("No strategy has been adopted yet")
    framework = await read_framework(session, edition=edition)
    facts = await describe_indicator(session, framework=framework, reference=reference)
    measure = measure_of(facts, given.measure)
    name = (facts.definition.code, measure.code)
    row = await operations.record_observation(session, given=given, measure=measure, name=name, today=today, now=now)
    location = f"/v1/indicators/{name[0]}/observations/{row.id}"
    return _answer(request, row, name, headers={"Location": location}, status=201)


@router.get(
    "/v1/indicators/{id:indicator}/observations/{observation:uuid}",
    operation_id="get_observation",
    summary="Read one observation",
    response_model=ObservationRead,
    **operation(role="anonymous", scope="indicators:read", problems=(404,)),
)
async def get_observation(
    request: Request, session: ReadSession, reader: Reader, reference: IndicatorInPath, observation: UUID
) -> Response:
    """One value with where it comes from, and what became of it."""
    indicator = await get_indicator(session, reference=reference)
    codes = await measure_codes(session, indicator=indicator)
    row = await operations.get_observation(session, id=observation, measure_ids=codes, drafts=reader.office)
    return _answer(request, row, (indicator.code, codes[row.measure_id]), for_office=reader.office)


@router.patch(
    "/v1/indicators/{id:indicator}/observations/{observation:uuid}",
    operation_id="update_observation",
    summary="Verify or withdraw an observation",
    response_model=ObservationRead,
    **operation(role="office", scope="indicators:write", problems=(404, 409, 412, 428)),
)
async def update_observation(
    request: Request,
    session: WriteSession,
    now: Now,
    reference: IndicatorInPath,
    observation: UUID,
    given: ObservationUpdate,
) -> Response:
    """A draft becomes verified; a draft or a verified value is withdrawn with a reason and stays readable."""
    indicator = await get_indicator(session, reference=reference)
    codes = await measure_codes(session, indicator=indicator)
    row = await operations.get_observation(session, id=observation, measure_ids=codes, drafts=True)
    require_match(request, row.version)
    name = (indicator.code, codes[row.measure_id])
    row = await operations.change_observation(session, row=row, given=given, name=name, now=now)
    return _answer(request, row, name)


def _answer(
    request: Request,
    row: Any,
    name: operations.Name,
    *,
    for_office: bool = True,
    headers: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    read = observation_read(row, indicator=name[0], measure=name[1], for_office=for_office)
    # What the office reads of it is another representation: who recorded it.
    etag = record_etag(row.version, "office" if for_office else "")
    return conditional_json(request, read, etag=etag, public=not for_office, headers=headers, status=status)
