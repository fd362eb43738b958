"""Rules of taxonomies: codes are unique, stay for ever, and are retired rather than deleted."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_registry.search import operations as search
from klaster_registry.search.entries import Entry
from klaster_registry.taxonomies import repository
from klaster_registry.taxonomies.errors import CodeTaken, TermNotFound
from klaster_registry.taxonomies.models import Term
from klaster_registry.taxonomies.schemas import TermCreate, TermListParameters, TermUpdate
from klaster_shared.changes import record_change
from klaster_shared.errors import FieldError, Invalid
from klaster_shared.identifiers import new_id
from klaster_shared.labels import Language, label_text

Taxonomy = Literal[
    "interest_groups",
    "fields",
    "sectors",
    "markets",
    "kinds",
    "groups",
    "networks",
    "advisory_bodies",
    "project_kinds",
    "document_kinds",
    "person_roles",
    "consent_purposes",
]
ORDER = repository.ORDER  # of lists, for whoever reads one page by page
_FOUND = ("groups", "networks", "advisory_bodies")


async def get_term(session: AsyncSession, *, taxonomy: Taxonomy, code: str, held: bool = False) -> Term:
    """One code (`held` against other writers where it is to be changed); raises TermNotFound."""
    term = await repository.find_term(session, taxonomy, code, held=held)
    if term is None:
        raise TermNotFound(f"{taxonomy} has no code {code}")
    return term


async def list_terms(session: AsyncSession, *, taxonomy: Taxonomy, parameters: TermListParameters) -> Sequence[Term]:
    """One page, and one row more where there is more."""
    return await repository.terms_page(session, taxonomy, parameters)


async def count_terms(session: AsyncSession, *, taxonomy: Taxonomy, parameters: TermListParameters) -> int:
    """How many there are in all."""
    return await repository.count_terms(session, taxonomy, parameters)


async def create_term(session: AsyncSession, *, taxonomy: Taxonomy, given: TermCreate, now: datetime) -> Term:
    """Add a code; raises CodeTaken, or Invalid where its parent is none of the taxonomy."""
    if await repository.find_term(session, taxonomy, given.code) is not None:
        raise CodeTaken(f"{taxonomy} has {given.code} already")
    await _check_parent(session, taxonomy, given.code, given.parent)
    term = Term(
        id=new_id(),
        taxonomy=taxonomy,
        code=given.code,
        name_pl=given.name.pl,
        name_en=given.name.en,
        parent=given.parent,
        position=given.position,
        flags=sorted(set(given.flags)),
        retired=False,
        version=1,
        updated_at=now,
    )
    session.add(term)
    await session.flush()
    record_change(session, kind="created", collection=taxonomy, id=term.code, record=record_of(term, "all"))
    await _make_findable(session, term)
    return term


async def change_term(
    session: AsyncSession, *, taxonomy: Taxonomy, term: Term, given: TermUpdate, now: datetime
) -> Term:
    """Change labels, place, flags, or retire a code; raises Invalid where its parent is none of the taxonomy."""
    values = given.model_dump()
    if "parent" in values:
        await _check_parent(session, taxonomy, term.code, values["parent"])
    if "name" in values:
        label = values.pop("name")
        values |= {"name_pl": label["pl"], "name_en": label["en"]}
    changed = [name for name, value in values.items() if getattr(term, name) != value]
    if not changed:
        return term
    for name in changed:
        setattr(term, name, values[name])
    term.version += 1
    term.updated_at = now
    record_change(
        session, kind="updated", collection=taxonomy, id=term.code, changed=changed, record=record_of(term, "all")
    )
    await _make_findable(session, term)
    return term


async def check_codes(session: AsyncSession, codes: Iterable[tuple[Taxonomy, str, str]]) -> None:
    """Refuse codes that their taxonomy does not have or has retired; `codes` are taxonomy, pointer and code.

    Raises Invalid with one error a wrong code.
    """
    asked = list(codes)
    if not asked:
        return
    known = await repository.usable_codes(session, {taxonomy for taxonomy, _, _ in asked})
    wrong = [
        FieldError(pointer=pointer, code="unknown_code", detail=f"{taxonomy} has no code {code} in use")
        for taxonomy, pointer, code in asked
        if (taxonomy, code) not in known
    ]
    if wrong:
        raise Invalid(wrong[0]["detail"], errors=wrong)


async def flagged_codes(session: AsyncSession, taxonomy: Taxonomy, flag: str, *, carried: bool = True) -> list[str]:
    """The codes that carry a flag (or do not), retired ones too: what was counted stays counted."""
    flags = await repository.flags_by_code(session, taxonomy)
    return sorted(code for code, found in flags.items() if (flag in found) is carried)


async def codes_of(session: AsyncSession, taxonomy: Taxonomy) -> set[str]:
    """Every code, retired ones too."""
    return set(await repository.flags_by_code(session, taxonomy))


async def with_descendants(session: AsyncSession, taxonomy: Taxonomy, codes: Iterable[str]) -> list[str]:
    """These codes and all that stand below them, retired ones too."""
    parents = await repository.parents_by_code(session, taxonomy)
    found, level = set(codes), set(codes)
    while level:
        level = {code for code, parent in parents.items() if parent in level} - found
        found |= level
    return sorted(found)


def record_of(term: Term, language: Language) -> dict[str, Any]:
    """A code as it is written in answers and in the change log."""
    return {
        "id": term.id,
        "code": term.code,
        "name": label_text(term.name_pl, term.name_en, language),
        "parent": term.parent,
        "position": term.position,
        "flags": term.flags,
        "retired": term.retired,
        "version": term.version,
        "updated_at": term.updated_at,
    }


async def _make_findable(session: AsyncSession, term: Term) -> None:
    """Groups, networks and bodies are found by their names; codes of other taxonomies only describe what is found."""
    if term.taxonomy in _FOUND:
        entry = Entry(
            collection=term.taxonomy,
            record_id=term.code,
            title_pl=term.name_pl,
            title_en=term.name_en,
            names=[term.code],
        )
        await search.put(session, entry)


async def _check_parent(session: AsyncSession, taxonomy: Taxonomy, code: str, parent: str | None) -> None:
    """A parent exists, and following parents upwards never comes back to the code itself."""
    above = parent
    while above is not None:
        if above == code:
            raise Invalid.field("/parent", "cycle", f"{code} would stand above itself")
        term = await repository.find_term(session, taxonomy, above)
        if term is None:
            raise Invalid.field("/parent", "unknown_code", f"{taxonomy} has no code {above}")
        above = term.parent
