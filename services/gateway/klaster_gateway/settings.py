"""Settings of the gateway, from environment variables that begin with GATEWAY_."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from limits import parse
from pydantic import AfterValidator, Field
from pydantic_settings import SettingsConfigDict

from klaster_gateway.issuers.settings import IssuerSettings
from klaster_shared.settings import ServiceSettings


def _readable(rate: str) -> str:
    parse(rate)
    return rate


Rate = Annotated[str, AfterValidator(_readable)]


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
    issuers: list[IssuerSettings] = Field([], description="OpenID Connect issuers that are believed, as JSON")
    rate_anonymous: Rate = Field("600/minute", description="What one address without a key may read")
    rate_anonymous_write: Rate = Field("300/minute", description="What one address without a key may send")
    rate_reconciliation: Rate = Field("1200/minute", description="Names that one address may reconcile")
    rate_matching: Rate = Field("1200/minute", description="Names that one address without a key has matched")
    rate_integrator: Rate = Field("6000/minute", description="What a key of an integrator may ask")
    rate_partner: Rate = Field("1200/minute", description="What a key of a partner may ask")
    rate_device: Rate = Field("6000/minute", description="What a key of a device may ask")
    rate_office: Rate = Field("12000/minute", description="What a key of the office may ask")
    rate_admin: Rate = Field("24000/minute", description="What a key of an admin may ask")
    limits_store: str = Field("", description="redis://host:6379 (Valkey too), shared by replicas; empty: in memory")
    max_in_flight: int = Field(200, ge=2, description="Requests to one service at once; half of them for one caller")
    max_streams: int = Field(500, ge=2, description="Streams and long polls to one service at once, counted apart")
    slow_head_seconds: float = Field(15.0, gt=0, description="Within which a request's head comes, else 408")
    slow_body_seconds: float = Field(30.0, gt=0, description="In each of which some of a body comes, else 408")
    slow_reader_seconds: float = Field(60.0, gt=0, description="After which a client that reads nothing is left")
    max_connections: int = Field(
        4000,
        ge=4,
        description="Connections at once (three quarters of nofile at most); a quarter of them from one address",
    )
    max_listeners: int = Field(
        1000, ge=10, description="Listeners of /v1/stream at once; a tenth of them for one caller"
    )
    cache_megabytes: int = Field(32, ge=0, description="Public answers kept in memory; 0: none")
    cors_origins: list[str] = Field(
        [], description="Origins whose pages may use keys here, as a JSON list; public reads are open to all"
    )
    trusted_proxies: list[IPv4Network | IPv6Network] = Field(
        [], description="Networks whose X-Forwarded-For is believed, as a JSON list"
    )

    webhook_http: bool = Field(False, description="Webhooks may go over plain http as well")
    webhook_networks: list[IPv4Network | IPv6Network] = Field(
        [], description="Networks that webhooks may reach although they are not public, as a JSON list"
    )
    webhook_seconds: float = Field(15.0, gt=0, le=30, description="Seconds a receiver has to answer")
    webhook_at_once: int = Field(20, ge=1, description="Receivers that one process sends to at a time")
    follow_seconds: float = Field(2.0, gt=0, description="How long to wait between two looks at a service's feed")

    @property
    def rates(self) -> dict[str, str]:
        """Quotas by the name that callers are told."""
        kinds = ("anonymous", "anonymous_write", "reconciliation", "matching")
        roles = ("integrator", "partner", "device", "office", "admin")
        return {name: getattr(self, f"rate_{name}") for name in (*kinds, *roles)}

    @property
    def services(self) -> dict[str, str]:
        """Base URL of each service behind."""
        return {"registry": self.registry_url, "indicators": self.indicators_url, "events": self.events_url}
