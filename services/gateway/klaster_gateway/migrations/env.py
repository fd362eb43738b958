"""Alembic's environment: the gateway's models, in the caller's transaction."""

from klaster_gateway.database import METADATA
from klaster_gateway.keys import models as keys
from klaster_shared.migrations import run_environment

TABLES = (keys,)

run_environment(METADATA)
