"""Why a scan is refused, and what the door should do about it, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from klaster_shared.labels import Label

# `unpaid` and `ambiguous`, which other systems know as well, cannot occur: nothing is paid for here, and a code, or a
# registration chosen from a search, is always one person's.
Reason = Literal[
    "invalid",
    "revoked",
    "canceled",
    "unapproved",
    "blocked",
    "invalid_time",
    "already_redeemed",
    "rules",
    "error",
]


@dataclass(frozen=True, slots=True)
class Words:
    """What the door reads."""

    message: Label
    advice: Label


def _words(pl: str, en: str, do_pl: str, do_en: str) -> Words:
    return Words(Label(pl=pl, en=en), Label(pl=do_pl, en=do_en))


ACCEPTED = _words("Zapraszamy", "Welcome", "Wpuść.", "Let them in.")
LEFT = _words("Do zobaczenia", "Goodbye", "Odnotowano wyjście.", "The exit is noted.")
REASONS: Mapping[Reason, Words] = MappingProxyType(
    {
        "invalid": _words(
            "Nieznany kod",
            "Unknown code",
            "Sprawdź, czy kod jest na to wydarzenie; poszukaj osoby po nazwisku.",
            "See whether the code is for this event; search the person by name.",
        ),
        "revoked": _words(
            "Kod unieważniony",
            "The code was revoked",
            "Poproś o nowy kod z ostatniej wiadomości albo poszukaj osoby po nazwisku i sprawdź tożsamość.",
            "Ask for the new code from the last message, or search by name and check who it is.",
        ),
        "canceled": _words(
            "Zapis albo wydarzenie odwołano",
            "The registration or the event is cancelled",
            "Nie wpuszczaj; skieruj do organizatora. Gdzie lista na to pozwala, dopisz jako osobę bez zapisu.",
            "Do not let them in; ask the organiser. Where the list allows it, add them as a walk-in.",
        ),
        "unapproved": _words(
            "Organizator jeszcze nie przyjął zapisu",
            "The organiser has not accepted the registration yet",
            "Zapytaj organizatora; po przyjęciu zeskanuj znowu.",
            "Ask the organiser; once it is accepted, scan again.",
        ),
        "blocked": _words(
            "Bez potwierdzonego miejsca",
            "No confirmed seat",
            "Osoba czeka w kolejce, nie potwierdziła adresu albo jej odmówiono: zapytaj organizatora.",
            "The person waits in the queue, has not confirmed the address, or was declined: ask the organiser.",
        ),
        "invalid_time": _words(
            "Wejście nie jest teraz otwarte",
            "The door is not open at this time",
            "Sprawdź godziny listy i zegar urządzenia.",
            "Check the hours of the list, and the clock of the device.",
        ),
        "already_redeemed": _words(
            "Już odnotowano",
            "Noted already",
            "Sprawdź tożsamość: ktoś z tym kodem już wszedł. Druga osoba potrzebuje własnego zapisu.",
            "Check who it is: somebody came in with this code. Another person needs a registration of their own.",
        ),
        "rules": _words(
            "Lista na to nie pozwala",
            "The list does not allow this",
            "Sesja bez miejsca, wejście bez zapisu albo wyjście na liście bez wyjść: skieruj do organizatora.",
            "No seat in the session, a walk-in, or an exit where none are scanned: ask the organiser.",
        ),
        "error": _words(
            "Nie zapisano",
            "Not stored",
            "Urządzenie nie ma tej listy albo użyło tego samego numeru skanu dla innego: zeskanuj znowu.",
            "The device was not given this list, or used the number of another scan: scan again.",
        ),
    }
)
