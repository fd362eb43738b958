"""Settings of the indicators service, from environment variables that begin with INDICATORS_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from klaster_shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the service needs to know beside what every service does: whom it asks, and how often."""

    model_config = SettingsConfigDict(env_prefix="INDICATORS_")

    port: int = 8002
    registry_url: str = Field("http://127.0.0.1:8001", description="Where the registry answers")
    events_url: str = Field("http://127.0.0.1:8003", description="Where the events service answers")
    refresh_minutes: int = Field(15, ge=1, description="How often live figures are pulled")
