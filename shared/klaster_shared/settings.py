"""What every service's settings have in common: frozen, prefixed, no default secret."""

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE_VERSION = "0.1.0"


class ServiceSettings(BaseSettings):
    """Settings of one service, read from environment variables with its own prefix."""

    # Hidden: what is wrong is logged wherever services start, and beside a wrong value may stand a password.
    model_config = SettingsConfigDict(frozen=True, extra="ignore", validate_default=True, hide_input_in_errors=True)

    database_url: str = Field(description="sqlite+aiosqlite:///path or postgresql://role:password@host/database")
    jwks_file: Path = Field(description="JWK set with the public keys of the gateway and of every service")
    private_key_file: Path | None = Field(None, description="This service's own private key (JWK), to ask others")
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(description="Port to listen on")
    metrics_port: int = Field(
        0, ge=0, le=65535, description="A port for /metrics and /health alone; 0: they are answered on the other one"
    )
    zone: str = Field("Europe/Warsaw", description="The cluster's time zone: days and years end at its midnight")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_format: Literal["console", "json"] = Field("console", description="How log lines are written")
    otlp_endpoint: str = Field("", description="Where traces go (OTLP over HTTP); empty: nowhere")
    drain_seconds: float = Field(20.0, description="How long a stopping service waits for the requests under way")
    run_jobs: bool = Field(True, description="Run background jobs inside the service; off where a worker runs them")

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except ZoneInfoNotFoundError as error:
            raise ValueError("a time zone has a name like Europe/Warsaw, and the system knows it") from error
        return value
