"""Writes docs/settings.md: every setting of every service, from their settings classes and the compose file."""

import importlib
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from deploy.local.settings import RunnerSettings
from klaster_gateway.issuers.settings import IssuerSettings
from klaster_shared.settings import ServiceSettings
from tests.services import NAMES, ROOT

HEAD = """# Settings

Made from the code by `make settings`; a test compares. Services read environment variables, and refuse to start where
one makes no sense. Lists and objects are written as JSON. What has no default has to be given: both `make run` and the
compose file give it.
"""
STACK = """## The stack as a whole

`make run` takes these variables:

| variable | default | meaning |
|---|---|---|
"""
COMPOSE = """
The compose file takes these, from the environment or from a file `.env` beside it; what each sets is explained below:

| variable | default | sets |
|---|---|---|
"""
SERVICE = """
## {name}

| variable | type | default | meaning |
|---|---|---|---|
"""
ISSUER = """
### An issuer in `GATEWAY_ISSUERS`

| property | type | default | meaning |
|---|---|---|---|
"""
EVERYWHERE = """
## What every service has

`<SERVICE>` is REGISTRY, INDICATORS, EVENTS or GATEWAY; the service's worker reads the same variables.

| variable | type | default | meaning |
|---|---|---|---|
"""
TRACES = """
Where `<SERVICE>_OTLP_ENDPOINT` is set, the variables of OpenTelemetry's SDK hold as well: `OTEL_TRACES_SAMPLER` and
`OTEL_TRACES_SAMPLER_ARG` (by default every request is traced; `parentbased_traceidratio` and `0.05` trace one in
twenty), `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_BSP_MAX_QUEUE_SIZE` and so on.
"""
RUNNER = {
    "port": "The gateway's port; the services take the three after it",
    "data": "Folder of the databases, keys and the list of erasures",
    "database": "A PostgreSQL server, `postgresql://role:password@host/database`; without one SQLite is used",
    "demo": "1: begin with demonstration rows; 0: with the strategy and the codes it speaks in alone",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
    "log_format": "console, or json: one object a line",
    "public_url": "Where people reach the gateway: links in mails, in webhooks and on pages begin so",
}
# What compose itself reads, and no service.
OTHER = {
    "DEMO": "whether the seeds load demonstration rows",
    "PORT": "the gateway's port on 127.0.0.1",
    "REVISION": "the label of the images",
    "PIP_INDEX_URL": "where images are built through a mirror",
    "PIP_EXTRA_INDEX_URL": "where images are built through a mirror",
    "PIP_TRUSTED_HOST": "where images are built through a mirror",
}
WORDS: dict[Any, str] = {
    str: "text",
    SecretStr: "secret text",
    Path: "path",
    int: "whole number",
    float: "number",
    bool: "true or false",
}
_VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::?-([^}]*))?\}")
_ASSIGNED = re.compile(r"^\s*-?\s*([A-Z][A-Z_]*)[:=] *(.*)$")


def settings_page() -> str:
    """The page."""
    shared = ServiceSettings.model_fields
    parts = [HEAD, "\n", STACK, *_runner(), COMPOSE, *_compose(), EVERYWHERE]
    parts += [_row(f"<SERVICE>_{name.upper()}", info) for name, info in shared.items() if name != "port"]
    parts.append(TRACES)
    for name in sorted(NAMES):
        own = importlib.import_module(f"klaster_{name}.settings").Settings.model_fields
        parts.append(SERVICE.format(name=name))
        parts += [
            _row(f"{name.upper()}_{field.upper()}", _described(info, shared.get(field)))
            for field, info in own.items()
            if field == "port" or field not in shared
        ]
        if name == "gateway":
            parts.append(ISSUER)
            parts += [_row(field, info) for field, info in IssuerSettings.model_fields.items()]
    return "".join(parts)


def undescribed() -> list[str]:
    """Settings that do not say what they mean."""
    return [line for line in settings_page().splitlines() if line.startswith("|") and line.endswith("|  |")]


def _described(info: FieldInfo, shared: FieldInfo | None) -> FieldInfo:
    if info.description is None and shared is not None:
        info = FieldInfo.merge_field_infos(info, description=shared.description)
    return info


def _row(variable: str, info: FieldInfo) -> str:
    return f"| `{variable}` | {_type(info.annotation)} | {_default(info)} | {info.description or ''} |\n"


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in arguments)
    if origin is list:
        return f"list of {_several(arguments[0])}"
    if arguments and origin is not dict:
        return " or ".join(_type(each) for each in arguments if each is not type(None))
    return WORDS.get(annotation, "object")


def _several(annotation: Any) -> str:
    if "Network" in str(annotation):
        return "networks"
    return {"text": "texts", "object": "objects"}.get(_type(annotation), _type(annotation))


def _default(info: FieldInfo) -> str:
    if info.default is PydanticUndefined:
        return "to be given"
    if info.default is None or info.default == "":
        return "none"
    if isinstance(info.default, bool):
        return f"`{str(info.default).lower()}`"
    if isinstance(info.default, list | dict):
        return f"`{str(info.default).replace(chr(39), chr(34))}`"
    return f"`{info.default}`"


def _runner() -> Iterator[str]:
    for field in fields(RunnerSettings):
        default = {None: "none", True: "`1`"}.get(field.default, f"`{field.default}`")  # type: ignore[call-overload]
        yield f"| `{field.name.upper()}` | {default} | {RUNNER[field.name]} |\n"


def _compose() -> Iterator[str]:
    """Each variable of the compose file, with the variables of services that it fills."""
    found: dict[str, tuple[str, list[str]]] = {}
    for line in (ROOT / "docker-compose.yml").read_text(encoding="utf-8").splitlines():
        assigned = _ASSIGNED.match(line)
        for name, default in () if line.lstrip().startswith("#") else _VARIABLE.findall(line):
            _, targets = found.setdefault(name, (default, []))
            if name not in OTHER and assigned:
                targets.append(f"`{assigned[1]}`")
    for name, (default, targets) in sorted(found.items()):
        yield f"| `{name}` | {f'`{default}`' if default else 'none'} | {OTHER.get(name) or ', '.join(targets)} |\n"


if __name__ == "__main__":
    (ROOT / "docs" / "settings.md").write_text(settings_page(), encoding="utf-8")
