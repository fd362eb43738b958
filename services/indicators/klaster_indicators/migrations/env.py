"""Alembic's environment: the service's models, in the caller's transaction."""

# Every module of tables is named here: one that is missed would look like tables to drop.
from klaster_indicators.database import METADATA
from klaster_indicators.evidence import models as evidence
from klaster_indicators.framework import models as framework
from klaster_indicators.indicators import models as indicators
from klaster_indicators.live import models as live
from klaster_indicators.observations import models as observations
from klaster_indicators.plans import models as plans
from klaster_indicators.reviews import models as reviews
from klaster_indicators.units import models as units
from klaster_shared.migrations import run_environment

TABLES = (evidence, framework, indicators, live, observations, plans, reviews, units)

run_environment(METADATA)
