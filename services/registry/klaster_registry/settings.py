"""Settings of the registry, from environment variables that begin with REGISTRY_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from klaster_shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the registry needs to know beyond what every service does."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_")

    port: int = 8001
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Where callers reach the gateway: links to others begin so"
    )
