"""Writing one message: words, facts, the code for the door and the calendar's entry. No queries and no sending."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from klaster_events.calendars.building import Invitation, Method, calendar_of, entry_of
from klaster_events.messages.facts import LABELS, facts_of, online_link, subject_title, when_of
from klaster_events.messages.subjects import Subject
from klaster_events.messages.wording import Page, Spoken, one_line, write
from klaster_events.registrations.qr import qr_png
from klaster_events.times import day_and_time

_WITH_CODE = {"confirmed", "moved_up", "reminder"}
_INVITES = {"confirmed", "moved_up", "changed", "postponed"}  # to somebody who has a seat for certain
_CANCELS = {"cancelled", "registration_cancelled"}
_LISTLIKE = {"reminder", "completed"}
_PICTURE = "code@klaster"
_CHANGES = {
    "title": {"pl": "tytuł", "en": "title"},
    "starts_at": {"pl": "termin", "en": "time"},
    "ends_at": {"pl": "termin", "en": "time"},
    "zone": {"pl": "termin", "en": "time"},
    "place": {"pl": "miejsce", "en": "place"},
    "online": {"pl": "połączenie online", "en": "online link"},
    "online_url": {"pl": "połączenie online", "en": "online link"},
    "agenda": {"pl": "program", "en": "agenda"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """From whom messages come, and where their links lead."""

    address: str
    name: str
    public_url: str
    confirm_hours: int
    zone: str = "Europe/Warsaw"

    @property
    def domain(self) -> str:
        """What stands behind the @ of every Message-ID."""
        return self.address.rpartition("@")[2]


def compose(subject: Subject, *, sender: Sender, now: datetime) -> EmailMessage:
    """The message as it goes out now. Its Message-ID is the same however often it is sent."""
    assert subject.email is not None, "nobody is left to write to"
    kind, language = subject.message.kind, _language(subject)
    code = subject.registration.code if subject.registration and kind in _WITH_CODE else None
    page = Page(
        greeting=_greeting(subject, language),
        facts=facts_of(subject, language, sender.zone, code),
        link=_link(subject, sender),
        foot=_foot(subject, sender, language),
        picture=_PICTURE if code else None,
        picture_text=f"{LABELS['code'][language]}: {code}",
    )
    written = write(kind, language, known=_known(subject, language, sender, now), page=page)
    message = _headed(subject, sender, written.subject, now)
    message.set_content(written.text)
    message.add_alternative(written.html, subtype="html")
    if code:
        html: Any = message.get_payload(1)
        html.add_related(qr_png(code), "image", "png", cid=f"<{_PICTURE}>", filename="code.png", disposition="inline")
    _attach_calendar(message, subject, sender, language, now)
    message["Content-Language"] = language  # last: what is said of content before moves into its first part
    if page.link and kind in _LISTLIKE:
        # Opens the page where a seat is given back. No one-click header: a mail program must not give it back itself.
        message["List-Unsubscribe"] = f"<{page.link}>"
    return message


def _headed(subject: Subject, sender: Sender, line: str, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender.name, sender.address)
    message["To"] = _address(subject.name if subject.is_verified else None, envelope_address(subject.email or ""))
    message["Subject"] = line
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{subject.message.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    return message


def _address(name: str | None, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=one_line(name or ""), username=local, domain=domain)


def envelope_address(address: str) -> str:
    """An address as it is given to the mail server: a domain with letters beyond ASCII has a spelling without."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _language(subject: Subject) -> Spoken:
    return "en" if subject.message.language == "en" else "pl"


def _greeting(subject: Subject, language: Spoken) -> str:
    """By name only where the person confirmed the address: else a stranger could have anything written to anybody."""
    hello = "Dzień dobry" if language == "pl" else "Hello"
    return f"{hello}, {one_line(subject.name)}" if subject.name and subject.is_verified else hello


def _foot(subject: Subject, sender: Sender, language: Spoken) -> str:
    if subject.visit is not None:
        why = "w sprawie rezerwacji." if language == "pl" else "because of a booking."
        return (
            f"{sender.name}. {'Wiadomość wysłana automatycznie' if language == 'pl' else 'Sent automatically,'} {why}"
        )
    as_contact = subject.message.kind.startswith("interest_")
    if language == "pl":
        why = "bo ten adres podano jako kontakt na tablicy LSOS" if as_contact else "w sprawie zapisu pod tym adresem"
        return f"{sender.name}. Wiadomość wysłana automatycznie{',' if as_contact else ''} {why}."
    why = "this address is a contact on the LSOS board" if as_contact else "of a registration under this address"
    return f"{sender.name}. Sent automatically, because {why}."


def _link(subject: Subject, sender: Sender) -> str | None:
    return f"{sender.public_url}{subject.path}" if subject.path else None


def _known(subject: Subject, language: Spoken, sender: Sender, now: datetime) -> dict[str, Any]:
    event, registration, context = subject.event, subject.registration, subject.message.context
    visit = subject.visit
    named = [_CHANGES[name][language] for name in context.get("changed", ()) if name in _CHANGES]
    return {
        "title": subject_title(subject, language),
        "entity": one_line(context.get("entity") or ""),
        "when": when_of(event, language) if event else "",
        "deadline": _deadline(subject, language, sender, now) if event else "",
        "has_link": subject.path is not None,
        "verified": subject.is_verified,
        "holds_seat": registration is not None and registration.state == "pending",
        "queue": subject.place,
        "changes": ", ".join(dict.fromkeys(named)),
        "ended_by": context.get("by") or (registration.ended_by if registration else None),
        "reason": one_line(str((visit.answer if visit else context.get("reason")) or "")),
        "purpose": context.get("purpose"),
        "note": one_line((context.get("note") or {}).get(language, "")),
    }


def _deadline(subject: Subject, language: Spoken, sender: Sender, now: datetime) -> str:
    """Until when an answer is waited for, counted from now: a message that was late gives no less time."""
    event = subject.event
    assert event is not None, "a deadline is an event's"
    hours = subject.message.context.get("hours")
    if not isinstance(hours, int):
        hours = (event.offer_hours if subject.message.kind == "offer" else None) or sender.confirm_hours
    until = min(now + timedelta(hours=hours), event.starts_at)
    return day_and_time(until, zone=event.zone, language=language)


def _attach_calendar(message: EmailMessage, subject: Subject, sender: Sender, language: Spoken, now: datetime) -> None:
    """An invitation, or its end: the person's calendar then follows changes of time and place by itself."""
    kind, event = subject.message.kind, subject.event
    ends = kind in _CANCELS and subject.is_verified and subject.registration is not None
    if event is None or not (ends or (kind in _INVITES and subject.is_confirmed)):
        return
    entry = entry_of(
        event,
        language=language,
        now=now,
        url=_link(subject, sender),
        online_url=online_link(subject),
        cancelled=ends,
        invitation=Invitation(
            organiser_name=sender.name,
            organiser_address=sender.address,
            person_name=one_line(subject.name or ""),
            person_address=subject.email or "",
        ),
    )
    method: Method = "CANCEL" if ends else "REQUEST"
    message.add_attachment(
        calendar_of([entry], method=method),
        "text",
        "calendar",
        filename="event.ics",
        params={"method": method, "charset": "utf-8"},
    )
