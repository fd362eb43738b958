"""Who sees what of a person, whatever they consented to and wherever they have roles."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from klaster_registry.people.models import PersonConsent, PersonRole
from klaster_registry.people.seeing import Purposes, Viewer, consented, sight_of

TODAY = date(2026, 11, 24)
OWN, OTHER = uuid4(), uuid4()
PURPOSES = Purposes(publication=["publication"], contact=["contact"])
DAYS = st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3))


def consent(purpose: str, given_on: date, lasting: int | None) -> PersonConsent:
    until = None if lasting is None else given_on + timedelta(days=lasting)
    return PersonConsent(id=uuid4(), person_id=uuid4(), purpose=purpose, given_on=given_on, withdrawn_on=until)


def role(entity: UUID, first: date, days: int) -> PersonRole:
    until = first + timedelta(days=days)
    return PersonRole(
        id=uuid4(), person_id=uuid4(), entity_id=entity, role="expert", valid_from=first, valid_until=until
    )


CONSENTS = st.lists(
    st.builds(consent, st.sampled_from(["publication", "contact", "newsletter"]), DAYS, st.none() | st.integers(0, 4)),
    max_size=4,
)
ROLES = st.lists(st.builds(role, st.sampled_from([OWN, OTHER]), DAYS, st.integers(0, 5)), max_size=4)
VIEWERS = st.sampled_from([Viewer(), Viewer(entity=OWN), Viewer(office=True)])


class TestSightOf:
    @given(VIEWERS, ROLES, CONSENTS)
    def test_gives_strangers_nothing_without_a_consent_that_holds(
        self, viewer: Viewer, roles: list[PersonRole], consents: list[PersonConsent]
    ) -> None:
        seen = sight_of(viewer, roles=roles, consents=consents, purposes=PURPOSES, today=TODAY)
        published = consented(consents, PURPOSES.publication, TODAY)
        own = any(one.entity_id == OWN and one.valid_from <= TODAY < one.valid_until for one in roles)
        assert (seen is not None) == (viewer.office or published or (viewer.entity == OWN and own))
        if seen is None or viewer.office:
            return
        assert not seen.office
        assert seen.private == (viewer.entity == OWN and own)
        assert seen.contact == (seen.private or consented(consents, PURPOSES.contact, TODAY))
        assert published or {one.entity_id for one in seen.roles} <= {OWN}

    def test_ends_with_the_day_of_withdrawal(self) -> None:
        for lasting, seen in ((1, True), (0, False)):
            consents = [consent("publication", TODAY, lasting)]
            found = sight_of(Viewer(), roles=[], consents=consents, purposes=PURPOSES, today=TODAY)
            assert (found is not None) == seen
