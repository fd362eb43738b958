"""What a record says of itself to the search."""

from collections.abc import Sequence
from dataclasses import dataclass

from klaster_shared.access import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record as it can be found. `texts` are raw (names, acronyms, identifiers, a town): they are folded inside.

    `names` are those that a search for their beginning finds first; the two titles need not be repeated there.
    """

    collection: str
    record_id: str
    title_pl: str
    title_en: str
    texts: Sequence[str] = ()
    names: Sequence[str] = ()
    registration: str | None = None
    interest_group: str | None = None
    country: str | None = None
    subdivision: str | None = None
    fields: Sequence[str] = ()
    demonstration: bool = False
    audience: Role = "anonymous"
    personal: bool = False  # its words are not learnt for corrections: what is learnt is never forgotten
