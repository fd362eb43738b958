"""Alembic's environment: the gateway's models, in the caller's transaction."""

from klaster_gateway.database import METADATA
from klaster_gateway.grants import models as grants
from klaster_gateway.keys import models as keys
from klaster_gateway.webhooks import models as webhooks
from klaster_shared.migrations import run_environment

TABLES = (grants, keys, webhooks)

run_environment(METADATA)
