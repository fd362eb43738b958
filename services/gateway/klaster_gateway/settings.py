"""Settings of the gateway, from environment variables that begin with GATEWAY_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from klaster_shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the gateway needs to know beyond what every service does: where the three others answer."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    port: int = 8000
    public_url: str = Field("http://127.0.0.1:8000", description="Where callers reach the gateway")
    registry_url: str = Field("http://127.0.0.1:8001", description="Where the registry answers")
    indicators_url: str = Field("http://127.0.0.1:8002", description="Where indicators answer")
    events_url: str = Field("http://127.0.0.1:8003", description="Where events answer")
    connect_timeout: float = Field(1.0, gt=0, description="Seconds to wait for a service to pick up")
    read_timeout: float = Field(30.0, gt=0, description="Seconds a service may stay silent before the answer is 504")

    @property
    def services(self) -> dict[str, str]:
        """Base URL of each service behind."""
        return {"registry": self.registry_url, "indicators": self.indicators_url, "events": self.events_url}
