"""Settings of the registry, from environment variables that begin with REGISTRY_."""

from pydantic_settings import SettingsConfigDict

from klaster_shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the registry needs to know: nothing beyond what every service does."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_")

    port: int = 8001
