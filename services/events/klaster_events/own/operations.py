"""Rules of one's own registration: whoever has the link may see it and act on it, and on nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from klaster_events.agenda.models import AgendaSession
from klaster_events.attendance.models import Attendance
from klaster_events.certificates import operations as certificates
from klaster_events.certificates.errors import CertificateNotFound
from klaster_events.consents import operations as consents
from klaster_events.consents.models import ConsentText
from klaster_events.consents.schemas import ConsentGiven
from klaster_events.events.models import Event
from klaster_events.links.errors import LinkRefused
from klaster_events.links.operations import Links, links_of
from klaster_events.messages.subjects import places_in_queue
from klaster_events.own import repository
from klaster_events.own.schemas import ConsentChoice, Step
from klaster_events.people import operations as people
from klaster_events.registrations import operations as registrations
from klaster_events.registrations.models import Registration
from klaster_events.registrations.states import LIVE
from klaster_shared.errors import Invalid
from klaster_shared.labels import Language

_GOING_ON = frozenset({"published", "postponed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A registration, and what belongs to it."""

    registration: Registration
    event: Event
    name: str | None
    address: str | None
    place_in_queue: int | None
    sessions: Sequence[tuple[AgendaSession, str | None]]
    consents: Sequence[tuple[ConsentText, bool]]
    calendar: str | None
    certificate: Attendance | None

    @property
    def is_confirmed(self) -> bool:
        """Whether there is a seat for certain."""
        return self.registration.state == "confirmed"

    @property
    def online_url(self) -> str | None:
        """The link to an online event, for whoever has a seat while it is going to take place."""
        return self.event.online_url if self.is_confirmed and self.event.state == "published" else None

    @property
    def code(self) -> str | None:
        """What the door reads, where there is a seat for certain."""
        return self.registration.code if self.is_confirmed and self.event.state in _GOING_ON else None


async def own_registration(session: AsyncSession, *, token: str) -> Own:
    """What a link opens; raises LinkRefused where we did not make it, or what it named is gone."""
    links = await links_of(session)
    registration_id = links.read("registration", token)
    found = await repository.find(session, registration_id)
    if found is None:
        raise LinkRefused("What this link opened is gone")
    registration, event = found
    person = (await people.names_of(session, ids=[registration.person_id]))[registration.person_id]
    return Own(
        registration=registration,
        event=event,
        name=person["name"],
        address=person["email"],
        place_in_queue=(await places_in_queue(session, registrations=[registration])).get(registration.id),
        sessions=await repository.sessions(session, registration),
        consents=await _consents(session, registration) if person["email"] else (),
        calendar=_calendar(links, registration) if person["email"] else None,
        certificate=await repository.certificate(session, registration) if person["name"] else None,
    )


def _calendar(links: Links, registration: Registration) -> str | None:
    """Where the person's own calendar is, once the address is theirs for certain: it shows all they registered for."""
    if registration.verified_at is None:
        return None
    return f"/v1/calendars/{links.sign('calendar', registration.person_id)}.ics"


async def _consents(session: AsyncSession, registration: Registration) -> list[tuple[ConsentText, bool]]:
    """What is asked for today, and whether the person agrees to these very words."""
    asked = await consents.asked_today(session)
    history = await consents.consents_of(session, person_id=registration.person_id, language="en")
    given = {(one["purpose"], one["version"]) for one in history if one["withdrawn_at"] is None}
    return [(text, (purpose, text.version) in given) for purpose, text in sorted(asked.items())]


async def own_certificate(session: AsyncSession, *, token: str, language: Language) -> dict[str, Any]:
    """The certificate of whoever has the link; raises LinkRefused, or CertificateNotFound where there is none."""
    own = await own_registration(session, token=token)
    if own.certificate is None:
        raise CertificateNotFound("No certificate has been issued for this registration")
    [record] = await certificates.records_of(session, event=own.event, rows=[own.certificate], language=language)
    return record


def steps_of(own: Own, *, now: datetime) -> list[Step]:
    """What can be done with a registration now."""
    registration, event = own.registration, own.event
    if event.state not in _GOING_ON or registration.state not in LIVE:
        return []
    steps: list[Step] = []
    if registration.verified_at is None:
        steps.append("confirm")
    if registration.state == "offered":
        steps += ["accept", "decline"]
    elif event.state == "postponed" or event.ends_at > now:
        steps.append("cancel")
    if own.sessions and event.state == "published" and event.starts_at > now:
        steps.append("sessions")
    return steps


async def take_step(session: AsyncSession, *, token: str, step: Step, now: datetime) -> Own:
    """Confirm the address, accept or decline an offer, or cancel. A second time changes nothing.

    Raises LinkRefused, RegistrationEnded, NothingOffered or NothingToCancel.
    """
    one = (await own_registration(session, token=token)).registration
    if step == "confirm":
        await registrations.verify_address(session, registration_id=one.id, now=now)
    elif step == "accept":
        await registrations.accept_offer(session, registration_id=one.id, now=now)
    elif one.state == "cancelled" and one.ended_by == "self":
        pass  # the button was pressed twice
    elif step == "decline":
        await registrations.decline_offer(session, registration_id=one.id, now=now)
    else:
        await registrations.cancel_registration(session, registration_id=one.id, by="self", now=now)
    await session.flush()
    return await own_registration(session, token=token)


async def choose_sessions(session: AsyncSession, *, token: str, chosen: Sequence[UUID], now: datetime) -> Own:
    """Be in these sessions and no others; raises LinkRefused, RegistrationEnded, SessionFull or Invalid."""
    one = (await own_registration(session, token=token)).registration
    await registrations.choose_sessions(session, registration_id=one.id, sessions=chosen, now=now)
    await session.flush()
    return await own_registration(session, token=token)


async def decide_consent(session: AsyncSession, *, token: str, choice: ConsentChoice, now: datetime) -> Own:
    """Give a consent, or take it back; raises LinkRefused, or Invalid where other words are in force by now."""
    own = await own_registration(session, token=token)
    if own.address is None:
        raise LinkRefused("The person has been erased")
    person_id = own.registration.person_id
    if not choice.given:
        await consents.withdraw(session, person_id=person_id, purpose=choice.purpose, now=now)
    elif not _in_force(own, choice):
        agreed = ConsentGiven(purpose=choice.purpose, version=choice.version)
        await consents.give(session, pairs=[(person_id, [agreed])], event_id=own.registration.event_id, now=now)
    await session.flush()
    return await own_registration(session, token=token)


def _in_force(own: Own, choice: ConsentChoice) -> bool:
    """Whether it is given already; raises Invalid where these words are not asked for."""
    for text, given in own.consents:
        if text.purpose == choice.purpose:
            if text.version != choice.version:
                raise Invalid.field("/version", "other_version", f"The words are version {text.version} by now")
            return given
    raise Invalid.field("/purpose", "unknown_purpose", f"Consent is asked for no purpose {choice.purpose}")
