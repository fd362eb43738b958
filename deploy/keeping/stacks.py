"""What is kept: a stack of `make run` on either engine, or one of compose, behind one face."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Protocol

from deploy.keeping.archive import Engine
from deploy.local.processes import Program
from deploy.services import EVENTS, NEIGHBOURS, SERVICES
from klaster_shared.stock import Stock


class KeptStack(Protocol):
    """A stack that can be copied, and made from copies."""

    engine: Engine

    def program(self, service: str, module: str, *arguments: str) -> Program:
        """A module of a service, told where its database is."""
        ...

    async def copy(self, service: str, into: Path) -> Stock:
        """Copy a service's database as it is at one moment; what lay in it then."""
        ...

    def emptied(self) -> AbstractAsyncContextManager[None]:
        """A stack with nothing in it, for as long as it takes to fill; raises Refusal where something is.

        What was filled in counts once the block has ended well; else it is taken out again.
        """
        ...

    async def load(self, service: str, copy: Path) -> None:
        """Fill a service's database from a copy."""
        ...


def askers_first() -> Sequence[str]:
    """The services in the order in which they are copied: whoever follows another one's feed before that one.

    So no copy knows of a change that its neighbour's copy does not hold, and what it does not know yet it is told.
    """
    return tuple(
        reversed(tuple(TopologicalSorter({name: NEIGHBOURS.get(name, ()) for name in SERVICES}).static_order()))
    )


def taking_stock(stack: KeptStack, service: str, *options: str) -> Program:
    """Prints what lies in a service's database."""
    return stack.program(service, f"klaster_{service}.stock", *options)


def migrating(stack: KeptStack, service: str) -> Program:
    """Brings a service's database to the newest revision."""
    return stack.program(service, f"klaster_{service}.migrate")


def ledger(stack: KeptStack, *options: str) -> Program:
    """The ledger of erasures: shown, or added to and carried out."""
    return stack.program(EVENTS, "klaster_events.privacy", *options)
