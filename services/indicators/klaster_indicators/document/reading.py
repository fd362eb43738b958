"""Reading a strategy file: what is wrong is named with its place, line and reason, and nothing is half read."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from klaster_indicators.document.checks import Fault, Location, faults_of, place
from klaster_indicators.document.strategy import StrategyDocument


class MalformedStrategy(ValueError):  # noqa: N818 # named for what it is
    """A strategy file that cannot be accepted; `complaints` holds one sentence for each thing that is wrong."""

    def __init__(self, name: str, complaints: Sequence[str]) -> None:
        self.complaints = list(complaints)
        super().__init__("\n".join(f"{name}: {complaint}" for complaint in complaints))


def read_strategy(path: Path) -> StrategyDocument:
    """The strategy in a YAML file; raises MalformedStrategy, OSError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MalformedStrategy(path.name, [f"byte {error.start}: this is not UTF-8"]) from error
    return parse_strategy(text, name=path.name)


def parse_strategy(text: str, *, name: str = "strategy") -> StrategyDocument:
    """The strategy in YAML; raises MalformedStrategy with line, place, code of the item and reason of every fault."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise MalformedStrategy(name, [_syntax_complaint(error)]) from error
    except ValueError as error:  # a date that no calendar has
        raise MalformedStrategy(name, [f"this is not YAML: {error}"]) from error
    repeated = list(_repeated_keys(root, ()))
    if repeated:
        raise MalformedStrategy(name, [_complaint(fault, root, data) for fault in repeated])
    try:
        document = StrategyDocument.model_validate(data)
    except ValidationError as error:
        raise MalformedStrategy(name, [_complaint(fault, root, data) for fault in schema_faults(error)]) from error
    if faults := faults_of(document):
        raise MalformedStrategy(name, [_complaint(fault, root, data) for fault in faults])
    return document


def schema_faults(error: ValidationError) -> list[Fault]:
    """What a schema refused, as faults."""
    return [
        Fault(item["loc"], item["type"], item["msg"].removeprefix("Value error, "))
        for item in error.errors(include_url=False)
    ]


def _syntax_complaint(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{where}this is not YAML: {getattr(error, 'problem', None) or error}"


def _repeated_keys(node: Node | None, location: Location) -> Iterator[Fault]:
    """YAML's readers keep the last of two equal keys: a fact would be lost without a word."""
    if isinstance(node, SequenceNode):
        for index, child in enumerate(node.value):
            yield from _repeated_keys(child, (*location, index))
    elif isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            if key.value in seen:
                yield Fault((*location, key.value), "repeated_key", "this key stands here twice")
            seen.add(key.value)
            yield from _repeated_keys(child, (*location, key.value))


def _complaint(fault: Fault, root: Node | None, data: Any) -> str:
    line = _line_of(root, fault.location)
    code = _code_of(data, fault.location)
    return f"line {line}: {place(fault.location)}{f' ({code})' if code else ''}: {fault.reason}"


def _line_of(node: Node | None, location: Location) -> int:
    """The line of a place, or of the nearest part around it that is there."""
    line = node.start_mark.line + 1 if node else 1
    for step in location:
        key, child = _step(node, step)
        if child is None:
            break
        node, line = child, (key or child).start_mark.line + 1
    return line


def _step(node: Node | None, step: str | int) -> tuple[Node | None, Node | None]:
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    if isinstance(node, MappingNode):
        for key, child in node.value:
            if isinstance(key, ScalarNode) and key.value == step:
                return key, child
    return None, None


def _code_of(data: Any, location: Location) -> str:
    """The codes on the way to a place: `B.1.2-1, international`."""
    codes: list[str] = []
    for step in location:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(data, dict) and isinstance(data.get("code"), str):
            codes.append(data["code"])
    return ", ".join(codes)
