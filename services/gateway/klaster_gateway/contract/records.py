"""Records that composed pages hold as the services gave them.

Their shapes are the services' own: the merged contract, which has them all, refers to those in their place.
"""

from typing import Any

from pydantic import ConfigDict, RootModel

SHAPE = "x-klaster-shape"


def _as(shape: str) -> ConfigDict:
    return ConfigDict(json_schema_extra={SHAPE: shape})


class Record(RootModel[dict[str, Any]]):
    """A record of a service."""


class EntityRecord(Record):
    """An organisation."""

    model_config = _as("EntityRead")


class RelatedRecord(Record):
    """What an organisation is to another."""

    model_config = _as("RelatedRead")


class TermRecord(Record):
    """What a code means."""

    model_config = _as("TermRead")


class ProjectRecord(Record):
    """A project."""

    model_config = _as("ProjectRead")


class LabRecord(Record):
    """A laboratory."""

    model_config = _as("LabRead")


class LabServiceRecord(Record):
    """A service of a laboratory."""

    model_config = _as("LabServiceRead")


class DataRepositoryRecord(Record):
    """A data repository."""

    model_config = _as("DataRepositoryRead")


class DocumentRecord(Record):
    """A document."""

    model_config = _as("DocumentRead")


class ForeignHqRecord(Record):
    """An organisation abroad."""

    model_config = _as("ForeignHqRead")


class EventRecord(Record):
    """An event."""

    model_config = _as("EventRead")


class PostRecord(Record):
    """A post on the board."""

    model_config = _as("PostRead")


class PlanItemRecord(Record):
    """An item of an action plan."""

    model_config = _as("ActionPlanItemRead")


class PlanSumsRecord(Record):
    """An action plan in sums."""

    model_config = _as("ActionPlanSums")


class PathRecord(Record):
    """A path of the strategy."""

    model_config = _as("PathPage")


class MeasureRecord(Record):
    """A measure on the scorecard."""

    model_config = _as("MeasureScore")


class IndicatorRecord(Record):
    """An indicator."""

    model_config = _as("IndicatorRead")


class HitRecord(Record):
    """A record of the register that was found."""

    model_config = _as("SearchHitRead")
