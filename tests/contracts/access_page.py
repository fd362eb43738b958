"""Writes docs/access.md: who may call what, from the merged contract."""

from collections import defaultdict
from collections.abc import Iterable

from klaster_shared.access import ROLES
from tests.services import ROOT, Operation, operations

HEAD = """# Who may do what

Made from the contracts by `make openapi`; a test compares, and another calls every operation in every role. `x` means:
may call. What is open to `anonymous` is public; no public operation gives personal data. An operation's scope is what
the internal token of that call carries, and no more.
"""


def access_page(every: Iterable[Operation]) -> str:
    """The page: a table per service, a row per operation."""
    by_service = defaultdict(list)
    for operation in every:
        by_service[operation.service].append(operation)
    parts = [HEAD]
    for service, found in sorted(by_service.items()):
        parts.append(f"## {service}\n")
        parts.append(f"| operation | scope | {' | '.join(ROLES)} |\n|---|---|{'---|' * len(ROLES)}")
        parts += [_row(operation) for operation in sorted(found, key=lambda one: (one.path, one.method))]
        parts.append("")
    return "\n".join(parts)


def _row(operation: Operation) -> str:
    marks = ["x" if operation.lets_in(role) else "" for role in ROLES]
    return f"| `{operation}` | {operation.scope} | {' | '.join(marks)} |"


if __name__ == "__main__":
    (ROOT / "docs" / "access.md").write_text(access_page(operations("gateway")), encoding="utf-8")
