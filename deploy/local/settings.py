"""The variables of `make run`, read and checked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import Refusal

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("console", "json")
# Above: registered and free ports; the three services take the ports after the gateway's.
LOWEST_PORT, HIGHEST_PORT = 1024, 65532


@dataclass(frozen=True, kw_only=True)
class RunnerSettings:
    """Where the stack listens, keeps its data, and what it begins with."""

    port: int = 8000
    data: Path = Path("data")
    database: str | None = None
    demo: bool = True
    log_level: str = "INFO"
    log_format: str = "console"
    public_url: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "RunnerSettings":
        """Read the variables of `make run`; raises Refusal where one of them makes no sense."""
        return cls(
            port=_port(environment.get("PORT") or "8000"),
            data=Path(environment.get("DATA") or "data").expanduser().absolute(),
            database=_database(environment.get("DATABASE") or ""),
            demo=_yes_or_no("DEMO", environment.get("DEMO") or "1"),
            log_level=_log_level(environment.get("LOG_LEVEL") or "INFO"),
            log_format=_log_format(environment.get("LOG_FORMAT") or "console"),
            public_url=_public_url(environment.get("PUBLIC_URL") or ""),
        )


def _port(text: str) -> int:
    if not text.isdecimal() or not LOWEST_PORT <= int(text) <= HIGHEST_PORT:
        raise Refusal(f"PORT is the gateway's port, a number from {LOWEST_PORT} to {HIGHEST_PORT}, not {text!r}")
    return int(text)


def _database(text: str) -> str | None:
    if text and not text.startswith(("postgresql://", "postgres://")):
        raise Refusal("DATABASE is a server like postgresql://role:password@host/database; without it SQLite is used")
    return text or None


def _public_url(text: str) -> str | None:
    if text and not text.startswith(("http://", "https://")):
        raise Refusal(f"PUBLIC_URL is where people reach the gateway, like https://klaster.example, not {text!r}")
    return text.rstrip("/") or None


def _yes_or_no(name: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise Refusal(f"{name} is 1 or 0, not {text!r}")
    return text == "1"


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise Refusal(f"LOG_LEVEL is one of {', '.join(LOG_LEVELS)}, not {text!r}")
    return text.upper()


def _log_format(text: str) -> str:
    if text not in LOG_FORMATS:
        raise Refusal(f"LOG_FORMAT is {' or '.join(LOG_FORMATS)}, not {text!r}")
    return text
