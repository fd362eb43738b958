"""Merges the services' contracts into one OpenAPI 3.1 document; what collides fails the build, by name."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from klaster_gateway.contract.records import SHAPE

Document = Mapping[str, Any]
_PARAMETER = re.compile(r"\{\w+\}")
_METHODS = frozenset({"get", "head", "post", "put", "patch", "delete", "options", "trace"})


class ContractError(Exception):
    """The contracts cannot be one: which parts of which services are in each other's way."""


class _Merger:
    def __init__(self, info: Document) -> None:
        self._wrong: list[str] = []
        self._owners: dict[tuple[str, ...], str] = {}
        self._merged: dict[str, Any] = {
            "openapi": "3.1.0",
            "info": dict(info),
            "servers": [{"url": "/", "description": "production: where this contract was read", "x-internal": False}],
            "paths": {},
            "components": {},
            "tags": [],
        }

    def add(self, service: str, document: Document) -> None:
        if not str(document.get("openapi", "")).startswith("3.1"):
            self._wrong.append(f"{service}: not an OpenAPI 3.1 document")
            return
        for path, item in document["paths"].items():
            self._add_path(service, path, item)
        for section, entries in document.get("components", {}).items():
            for name, entry in entries.items():
                self._add_component(service, section, name, entry)
        known = {tag["name"] for tag in self._merged["tags"]}
        self._merged["tags"] += [tag for tag in document.get("tags", ()) if tag["name"] not in known]

    def result(self) -> dict[str, Any]:
        if self._wrong:
            raise ContractError("\n".join(self._wrong))
        self._merged["tags"].sort(key=lambda tag: str(tag["name"]))
        return self._merged

    def _add_path(self, service: str, path: str, item: Document) -> None:
        target = self._merged["paths"].setdefault(path, {})
        for key, value in item.items():
            if key not in _METHODS:
                self._wrong.append(f"{service}: {path} carries {key}, which is not merged")
                continue
            self._claim(service, f"{key.upper()} {path}", "path", key, _shape(path, value))
            self._claim(service, f"operationId {value['operationId']}", "operationId", value["operationId"])
            for needed in ("x-klaster-role", "x-klaster-scope"):
                if needed not in value:
                    self._wrong.append(f"{service}: {key.upper()} {path} lacks {needed}")
            target[key] = {**value, "x-klaster-service": service}

    def _claim(self, service: str, what: str, *claim: str) -> None:
        owner = self._owners.setdefault(claim, service)
        if owner != service:
            self._wrong.append(f"{what}: claimed by {owner} and by {service}")

    def _add_component(self, service: str, section: str, name: str, entry: Document) -> None:
        known = self._merged["components"].setdefault(section, {}).setdefault(name, entry)
        owner = self._owners.setdefault(("component", section, name), service)
        if known != entry:
            self._wrong.append(f"components/{section}/{name}: differs between {owner} and {service}")


def _shape(path: str, operation: Document) -> str:
    """A path without the names of its parameters: `/v1/labs/{id}` and `/v1/labs/{lab_id}` are one and the same."""
    formats = {
        parameter["name"]: parameter.get("schema", {}).get("format", "")
        for parameter in operation.get("parameters", ())
        if parameter.get("in") == "path"
    }
    return _PARAMETER.sub(lambda match: f"{{{formats.get(match[0][1:-1], '')}}}", path)


def merge_contracts(contracts: Iterable[tuple[str, Document]], *, info: Document) -> dict[str, Any]:
    """One document of all `(service, contract)`; each operation says which service answers it.

    Raises ContractError, naming every collision: a path and method or an operation id claimed twice, components of
    one name that differ, an operation that does not say who may call it.
    """
    merger = _Merger(info)
    for service, document in contracts:
        merger.add(service, document)
    merged = merger.result()
    resolved: dict[str, Any] = _with_shapes(merged, merged["components"].get("schemas", {}))
    return resolved


def _with_shapes(part: Any, shapes: Mapping[str, Any]) -> Any:
    """Composed pages hold records of services as they are: their shape is the service's own, which is here by now."""
    if isinstance(part, dict):
        if part.get(SHAPE) in shapes:
            said = {name: value for name, value in part.items() if name == "description"}
            return {**said, "$ref": f"#/components/schemas/{part[SHAPE]}"}
        return {name: _with_shapes(value, shapes) for name, value in part.items()}
    return [_with_shapes(value, shapes) for value in part] if isinstance(part, list) else part
