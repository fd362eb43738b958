"""The services as a whole: what tests over all of them walk through."""

import importlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from klaster_shared.access import Role, may
from klaster_shared.testing.servers import test_keys as keys_folder

ROOT = Path(__file__).parent.parent
NAMES = ("registry", "indicators", "events", "gateway")
INNER = ("registry", "indicators", "events")


@dataclass(frozen=True)
class Operation:
    """One operation of a contract."""

    service: str
    method: str
    path: str
    id: str
    role: Role
    scope: str
    document: dict[str, Any]

    def lets_in(self, role: Role) -> bool:
        """Whether whoever acts in this role may call it."""
        return any(may(role, least) for least in (self.role, *self.document.get("x-klaster-also", ())))

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"


def build(name: str, database_url: str = "sqlite+aiosqlite:////nonexistent/contract.db") -> FastAPI:
    """A service's app with the settings that tests share."""
    settings = importlib.import_module(f"klaster_{name}.settings").Settings(
        database_url=database_url,
        jwks_file=keys_folder() / "jwks.json",
        private_key_file=keys_folder() / f"{name}.jwk",
        port=1,
        run_jobs=False,
    )
    app: FastAPI = importlib.import_module(f"klaster_{name}.main").create_app(settings)
    return app


@cache
def committed(name: str) -> dict[str, Any]:
    """The contract as it is committed."""
    document: dict[str, Any] = json.loads((ROOT / "services" / name / "openapi.json").read_text(encoding="utf-8"))
    return document


def operations(name: str) -> list[Operation]:
    """Every operation of a committed contract."""
    return [
        Operation(
            service=document.get("x-klaster-service", name),
            method=method,
            path=path,
            id=document["operationId"],
            role=document["x-klaster-role"],
            scope=document["x-klaster-scope"],
            document=document,
        )
        for path, item in committed(name)["paths"].items()
        for method, document in item.items()
    ]
