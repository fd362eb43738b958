"""People of the demonstration: made-up names, addresses of domains that belong to nobody (RFC 2606)."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from klaster_shared.text import fold

_DOMAINS = ("example.org", "example.com", "example.net")
_FROM_NOWHERE = 0.35  # this part of the people comes without an organisation
PER_STARTUP = 3


@dataclass(frozen=True, slots=True)
class Invented:
    """A person who does not exist, and the organisation they would come from."""

    name: str
    email: str
    entity: str | None


def invent_people(
    *, given: Sequence[str], family: Sequence[str], startups: Sequence[str], others: Sequence[str], random: Random
) -> list[Invented]:
    """Everybody who may come: the first of them from the startups, the rest from other organisations or from none."""
    names = [f"{first} {last}" for first in given for last in family]
    random.shuffle(names)
    people = []
    for number, name in enumerate(names):
        entity: str | None = None
        if number < len(startups) * PER_STARTUP:
            entity = startups[number % len(startups)]
        elif others and random.random() > _FROM_NOWHERE:
            entity = random.choice(others)
        local = fold(name).replace(" ", ".")
        people.append(Invented(name=name, email=f"{local}@{_DOMAINS[number % len(_DOMAINS)]}", entity=entity))
    return people
