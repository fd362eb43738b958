"""The route table: which operation a path and method mean, who may call it, and which service answers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from klaster_gateway.forwarding.patience import PATIENCE
from klaster_shared.access import INCLUDES, Role
from klaster_shared.errors import MethodNotAllowed, NotFound

MAX_BODY = 1024 * 1024  # bytes; an operation that takes more says so in its contract: x-klaster-max-body
# As the services' own routers read ids, so that no static path is ever taken for one.
_UUID = re.compile(r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}")
_PARAMETER = re.compile(r"\{(\w+)\}")
METHODS = ("get", "head", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the merged contract, as the door needs it."""

    id: str
    service: str
    role: Role
    scope: str
    allowed: frozenset[str]
    max_body: int
    cost: int = 1
    bucket: str | None = None
    reads: bool = False
    cross_origin: bool = False
    streams: bool = False
    patience: float | None = None


@dataclass(slots=True)
class _Node:
    """One step of a path: what may stand here, the most particular first."""

    static: dict[str, "_Node"] = field(default_factory=dict)
    uuid: "_Node | None" = None
    patterns: list[tuple[re.Pattern[str], "_Node"]] = field(default_factory=list)
    anything: "_Node | None" = None
    operations: dict[str, Operation] = field(default_factory=dict)

    def below(self, segment: str) -> Iterator["_Node"]:
        if (node := self.static.get(segment)) is not None:
            yield node
        if self.uuid is not None and _UUID.fullmatch(segment):
            yield self.uuid
        for pattern, below in self.patterns:
            if pattern.fullmatch(segment):
                yield below
        if self.anything is not None and segment:
            yield self.anything


class RouteTable:
    """Finds operations. Paths are matched decoded, as the services' own routers do: both sides see one path."""

    def __init__(self, contract: Mapping[str, Any]) -> None:
        self._root = _Node()
        self._exact: dict[str, dict[str, Operation]] = {}
        for path, item in contract["paths"].items():
            for method in METHODS:
                if method in item:
                    self._add(path, method.upper(), item)
        for path, operations in self._exact.items():
            operations.update({"HEAD": operations["GET"]} if "GET" in operations and "HEAD" not in operations else {})
            self._exact[path] = operations

    def find(self, path: str, method: str) -> Operation:
        """The operation that answers; raises NotFound, or MethodNotAllowed naming the methods that apply here."""
        exact = self._exact.get(path)
        if exact is not None and (operation := exact.get(method)) is not None:
            return operation
        for operations in self._matches(path):
            if (operation := _with_head(operations, method)) is not None:
                return operation
        if not (allowed := self.methods(path)):
            raise NotFound
        raise MethodNotAllowed(headers={"Allow": ", ".join(allowed)})

    def methods(self, path: str) -> list[str]:
        """The methods that apply to a path, for OPTIONS; none where it is unknown.

        A path of its own tells of its own, though the same letters may be a name in another's: `/v1/things/search`.
        """
        if (exact := self._exact.get(path)) is not None:
            return _methods(set(exact))
        found: set[str] = set()
        for operations in self._matches(path):
            found |= operations.keys()
        return _methods(found) if found else []

    def is_cross_origin(self, path: str) -> bool:
        """Whether pages of any origin may call what is here: all of its operations, or none."""
        return any(one.cross_origin for operations in self._matches(path) for one in operations.values())

    def _matches(self, path: str) -> Iterator[dict[str, Operation]]:
        if path.startswith("/"):
            for node in _walk(self._root, path[1:].split("/"), 0):
                if node.operations:
                    yield node.operations

    def _add(self, path: str, method: str, item: Mapping[str, Any]) -> None:
        document = item[method.lower()]
        operation = _operation(document)
        uuids = _uuid_parameters([*item.get("parameters", ()), *document.get("parameters", ())])
        node = self._root
        for segment in path.removeprefix("/").split("/"):
            node = _descend(node, segment, uuids)
        node.operations[method] = operation
        if "{" not in path:
            self._exact[path] = node.operations


def _walk(node: _Node, segments: list[str], depth: int) -> Iterator[_Node]:
    if depth == len(segments):
        yield node
        return
    for below in node.below(segments[depth]):
        yield from _walk(below, segments, depth + 1)


def _descend(node: _Node, segment: str, uuids: set[str]) -> _Node:
    names = _PARAMETER.findall(segment)
    if not names:
        return node.static.setdefault(segment, _Node())
    if segment != f"{{{names[0]}}}":
        pattern = _pattern(segment)
        for known, below in node.patterns:
            if known.pattern == pattern:
                return below
        node.patterns.append((re.compile(pattern), _Node()))
        return node.patterns[-1][1]
    if names[0] in uuids:
        node.uuid = node.uuid or _Node()
        return node.uuid
    node.anything = node.anything or _Node()
    return node.anything


def _pattern(segment: str) -> str:
    """`{scheme}:{value}` or `{id}.ics`: parameters among fixed text."""
    literals = _PARAMETER.split(segment)[::2]
    return "(.+)".join(re.escape(literal) for literal in literals)


def _operation(document: Mapping[str, Any]) -> Operation:
    least: Role = document["x-klaster-role"]
    enough: set[Role] = {least, *document.get("x-klaster-also", ())}
    return Operation(
        id=document["operationId"],
        service=document["x-klaster-service"],
        role=least,
        scope=document["x-klaster-scope"],
        allowed=frozenset(role for role, included in INCLUDES.items() if enough & included),
        max_body=document.get("x-klaster-max-body", MAX_BODY),
        cost=document.get("x-klaster-cost", 1),
        bucket=document.get("x-klaster-bucket"),
        reads=document.get("x-klaster-reads", False),
        cross_origin=document.get("x-klaster-cross-origin", False),
        streams=document.get("x-klaster-streams", False),
        patience=PATIENCE.get(document["operationId"]),
    )


def _uuid_parameters(parameters: list[Mapping[str, Any]]) -> set[str]:
    return {
        parameter["name"]
        for parameter in parameters
        if parameter.get("in") == "path" and parameter.get("schema", {}).get("format") == "uuid"
    }


def _with_head(operations: Mapping[str, Operation], method: str) -> Operation | None:
    """HEAD is a GET without the body, also where a contract does not spell it out (RFC 9110, 9.3.2)."""
    found = operations.get(method)
    return operations.get("GET") if found is None and method == "HEAD" else found


def _methods(found: set[str]) -> list[str]:
    return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))
