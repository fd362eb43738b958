"""Settings of events, from environment variables that begin with EVENTS_."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from klaster_shared.settings import ServiceSettings
from klaster_shared.texts import Country


class Settings(ServiceSettings):
    """What events needs to know."""

    model_config = SettingsConfigDict(env_prefix="EVENTS_")

    port: int = 8003
    registry_url: str = Field("http://127.0.0.1:8001", description="Where the registry answers")
    follow_seconds: float = Field(10.0, gt=0, description="How long to wait between two looks at the registry's feed")
    public_url: str = Field("http://127.0.0.1:8000", description="Where people reach the gateway: links in mails")
    smtp_host: str | None = Field(None, description="The mail server; none: messages wait in the outbox and say so")
    smtp_port: int = Field(25, ge=1, le=65535, description="The mail server's port")
    smtp_username: str | None = Field(None, description="Who we are to the mail server; none: it does not ask")
    smtp_password: SecretStr | None = Field(None, description="The password of that user")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        "starttls", description="How the connection is kept secret"
    )
    smtp_timeout_seconds: float = Field(20.0, gt=0, description="How long a mail server may be silent")
    smtp_connections: int = Field(2, ge=1, le=20, description="How many messages go out at a time")
    mail_from: str = Field("events@klaster.invalid", description="The address that messages come from")
    mail_from_name: str = Field("klaster", description="The name that messages come from")
    mail_seconds: float = Field(2.0, gt=0, description="How long to wait between two looks into the outbox")
    confirm_hours: int = Field(24, ge=1, description="How long an address may take to be confirmed")
    reminder_hours: int = Field(24, ge=0, description="How long before an event people are reminded; 0: never")
    erasures_file: Path | None = Field(
        None, description="Who was erased (random ids), outside the database: read before a restored backup opens"
    )
    retention_months: int = Field(
        24, ge=1, le=240, description="How long after the last event of a person their data is kept"
    )
    home_country: Country = Field(
        "PL", description="The cluster's own country: posts that look beyond it are international"
    )
    privacy_link_hours: int = Field(48, ge=1, le=720, description="How long a link to one's data opens it")

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("a URL begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("smtp_host", "smtp_username", "erasures_file", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None  # compose passes an empty variable where there is none

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        if "@" not in self.mail_from:
            raise ValueError("mail_from is an e-mail address")
        if self.smtp_host and self.mail_from.endswith(".invalid"):
            raise ValueError("where there is a mail server, mail_from says from which address of yours messages come")
        if self.smtp_username and self.smtp_security == "none":
            raise ValueError("a password is never sent in the clear: set smtp_security to starttls or tls")
        return self
