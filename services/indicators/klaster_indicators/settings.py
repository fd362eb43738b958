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
    publisher_ref: str = Field("PL-KRS-0000458418", max_length=100, description="Who reports results, as IATI names it")
    publisher_name: str = Field(
        "Fundacja Klaster LifeScience Kraków", max_length=500, description="The same publisher, as people name it"
    )
