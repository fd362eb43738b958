"""An edited document is taken for what it says only after all checks; what is wrong is shown in the part sent."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError

from klaster_indicators.document.checks import Fault, Location, faults_of, place
from klaster_indicators.document.reading import schema_faults
from klaster_indicators.document.strategy import StrategyDocument
from klaster_indicators.framework.errors import ContradictoryStrategy
from klaster_indicators.strategy.operations import pointer_to
from klaster_shared.errors import FieldError


def faults_in(document: Mapping[str, Any], *, units: Collection[str]) -> tuple[StrategyDocument | None, list[Fault]]:
    """The document, read, where it has the right shape; and everything that is wrong with it."""
    try:
        read = StrategyDocument.model_validate(document)
    except ValidationError as error:
        return None, schema_faults(error)
    return read, faults_of(read, units=units)


def checked(
    document: Mapping[str, Any], *, sent: Location, at: Location = (), units: Collection[str]
) -> StrategyDocument:
    """An edited document, read; raises ContradictoryStrategy.

    sent  where the part that was sent stands in the document: places inside it are shown as places of what was sent
    at    where in what was sent that part stands
    units  those that there are
    A fault elsewhere (a reference to what the edit took away) points to the whole that was sent, and is named in words.
    """
    read, faults = faults_in(document, units=units)
    if read is None or faults:
        errors = [_shown(fault, sent, at) for fault in faults]
        raise ContradictoryStrategy(errors[0]["detail"], errors=errors)
    return read


def _shown(fault: Fault, sent: Location, at: Location) -> FieldError:
    if fault.location[: len(sent)] == sent:
        inside = (*at, *fault.location[len(sent) :])
        return FieldError(pointer=pointer_to(inside), code=fault.code, detail=fault.reason)
    detail = f"{place(fault.location)}: {fault.reason}"
    return FieldError(pointer="", code=fault.code, detail=detail)
