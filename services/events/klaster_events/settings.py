"""Settings of events, from environment variables that begin with EVENTS_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from klaster_shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What events needs to know."""

    model_config = SettingsConfigDict(env_prefix="EVENTS_")

    port: int = 8003
    registry_url: str = Field("http://127.0.0.1:8001", description="Where the registry answers")
    follow_seconds: float = Field(10.0, gt=0, description="How long to wait between two looks at the registry's feed")
