"""Who may see what of a person. Pure rules, no database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from klaster_registry.people.models import PersonConsent, PersonRole
from klaster_registry.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: the office, a partner for its entity, or anybody."""

    office: bool = False
    entity: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purposes:
    """The purposes whose consents open something, as the office flagged them."""

    publication: Collection[str]
    contact: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a viewer may see of a person besides name and title."""

    roles: Sequence[PersonRole]
    contact: bool
    private: bool = False
    office: bool = False


def sight_of(
    viewer: Viewer,
    *,
    roles: Sequence[PersonRole],
    consents: Sequence[PersonConsent],
    purposes: Purposes,
    today: date,
) -> Sight | None:
    """What this viewer may see; None where they may not even know of the person.

    The office sees all. Everybody sees who consented to be published, and how to reach them where they consented to
    that as well. A partner also sees the people of its own entity, with their roles there.
    """
    if viewer.office:
        return Sight(roles=roles, contact=True, private=True, office=True)
    published = consented(consents, purposes.publication, today)
    own = [role for role in roles if viewer.entity is not None and role.entity_id == viewer.entity]
    if any(Period(role.valid_from, role.valid_until).covers(today) for role in own):
        return Sight(roles=roles if published else own, contact=True, private=True)
    if not published:
        return None
    return Sight(roles=roles, contact=consented(consents, purposes.contact, today))


def consented(consents: Sequence[PersonConsent], purposes: Collection[str], day: date) -> bool:
    """Whether a consent to one of these purposes is given and not withdrawn on a day."""
    return any(
        consent.purpose in purposes
        and consent.given_on <= day
        and (consent.withdrawn_on is None or consent.withdrawn_on > day)
        for consent in consents
    )
