"""The facts of a message: what it speaks of, when and where, line by line. No queries here."""

from datetime import datetime

from klaster_events.bookings.operations import Visit
from klaster_events.events.models import Event
from klaster_events.messages.subjects import Subject
from klaster_events.messages.wording import Fact, Spoken, one_line
from klaster_events.times import hours, span

LABELS = {
    "resource": {"pl": "Laboratorium lub usługa", "en": "Laboratory or service"},
    "event": {"pl": "Wydarzenie", "en": "Event"},
    "when": {"pl": "Kiedy", "en": "When"},
    "announced": {"pl": "Zapowiedziano na", "en": "Announced for"},
    "place": {"pl": "Gdzie", "en": "Where"},
    "was_when": {"pl": "Poprzednio", "en": "Before"},
    "was_place": {"pl": "Poprzednie miejsce", "en": "Place before"},
    "session": {"pl": "Sesja", "en": "Session"},
    "session_gone": {"pl": "Odwołana sesja", "en": "Cancelled session"},
    "meeting": {"pl": "Spotkanie", "en": "Meeting"},
    "table": {"pl": "Stolik", "en": "Table"},
    "online": {"pl": "Połączenie online", "en": "Online"},
    "code": {"pl": "Kod przy wejściu", "en": "Code for the door"},
    "post": {"pl": "Wpis na tablicy", "en": "Post on the board"},
    "entity": {"pl": "Organizacja", "en": "Organisation"},
}


def title_of(event: Event, language: Spoken) -> str:
    """What an event is called, on one line."""
    return one_line(event.title_pl if language == "pl" else event.title_en)


def when_of(event: Event, language: Spoken) -> str:
    """From when to when an event is."""
    return span(event.starts_at, event.ends_at, zone=event.zone, language=language)


def _facts(subject: Subject, language: Spoken, code: str | None) -> list[Fact]:
    event = subject.event
    assert event is not None, "facts are an event's"
    when = "announced" if event.state in {"postponed", "cancelled"} else "when"
    facts = [
        Fact(label=LABELS["event"][language], text=title_of(event, language)),
        Fact(label=LABELS[when][language], text=when_of(event, language)),
    ]
    if event.place:
        facts.append(Fact(label=LABELS["place"][language], text=one_line(event.place)))
    facts += [*_before(subject, language), *_session(subject, event, language), *_meeting(subject, event, language)]
    if link := online_link(subject):
        facts.append(Fact(label=LABELS["online"][language], text=link, link=link))
    if code:
        facts.append(Fact(label=LABELS["code"][language], text=code))
    return facts


def facts_of(subject: Subject, language: Spoken, zone: str, code: str | None) -> list[Fact]:
    """Facts of whatever a message speaks of."""
    if subject.event is not None:
        return _facts(subject, language, code)
    return _visit_facts(subject, language, zone) if subject.visit else _on_the_board(subject, language)


def _on_the_board(subject: Subject, language: Spoken) -> list[Fact]:
    """Which post a message speaks of, and which organisation stands on the other side."""
    context = subject.message.context
    told = {"post": (context.get("title") or {}).get(language), "entity": context.get("entity")}
    return [Fact(label=LABELS[name][language], text=one_line(text)) for name, text in told.items() if text]


def _visit_facts(subject: Subject, language: Spoken, zone: str) -> list[Fact]:
    """Which laboratory or service, and when."""
    visit = subject.visit
    if visit is None:
        return []
    when = span(visit.starts_at, visit.ends_at, zone=zone, language=language)
    return [
        Fact(label=LABELS["resource"][language], text=_visited(visit, language)),
        Fact(label=LABELS["when"][language], text=when),
    ]


def _visited(visit: Visit, language: Spoken) -> str:
    return one_line(visit.resource_pl if language == "pl" else visit.resource_en)


def _before(subject: Subject, language: Spoken) -> list[Fact]:
    """What used to hold, where it changed."""
    changed, before = set(subject.message.context.get("changed", ())), subject.message.context.get("before") or {}
    facts = []
    if changed & {"starts_at", "ends_at", "zone"} and {"starts_at", "ends_at", "zone"} <= before.keys():
        begin, end = (datetime.fromisoformat(before[name]) for name in ("starts_at", "ends_at"))
        when = span(begin, end, zone=before["zone"], language=language)
        facts.append(Fact(label=LABELS["was_when"][language], text=when))
    if "place" in changed and before.get("place"):
        facts.append(Fact(label=LABELS["was_place"][language], text=one_line(before["place"])))
    return facts


def _session(subject: Subject, event: Event, language: Spoken) -> list[Fact]:
    """The session of the agenda that was moved or removed, and when and where it is now, or was to be."""
    session = subject.message.context.get("session")
    if not session:
        return []
    moment = session["after"] or session["before"]
    begin, end = (datetime.fromisoformat(moment[name]) for name in ("starts_at", "ends_at"))
    when = hours(begin, end, zone=event.zone, language=language, day=True)
    text = ", ".join(part for part in (session["title"][language], when, moment["room"]) if part)
    return [Fact(label=LABELS["session" if session["after"] else "session_gone"][language], text=one_line(text))]


def _meeting(subject: Subject, event: Event, language: Spoken) -> list[Fact]:
    """When and where two meet, once that is known."""
    meeting, table = subject.meeting or (None, None)
    if meeting is None or table is None or meeting.starts_at is None or meeting.ends_at is None:
        return []
    when = hours(meeting.starts_at, meeting.ends_at, zone=event.zone, language=language, day=True)
    place = ", ".join(part for part in (table.code, table.room) if part)
    return [
        Fact(label=LABELS["meeting"][language], text=when),
        Fact(label=LABELS["table"][language], text=one_line(place), link=table.online_url),
    ]


def online_link(subject: Subject) -> str | None:
    """The link to an online event: for people who have a seat for certain, while it is going to take place."""
    event = subject.event
    if event is None or not subject.is_confirmed or event.state != "published":
        return None
    return one_line(event.online_url) if event.online_url else None


def subject_title(subject: Subject, language: Spoken) -> str:
    """What whatever a message speaks of is called."""
    if subject.event is not None:
        return title_of(subject.event, language)
    if subject.visit is not None:
        return _visited(subject.visit, language)
    return one_line((subject.message.context.get("title") or {}).get(language) or "")
