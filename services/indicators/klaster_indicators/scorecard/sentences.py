"""What the scorecard says in words: why a number is missing, in both languages."""

from klaster_indicators.document.values import Status
from klaster_indicators.scorecard.arithmetic import Reason
from klaster_shared.labels import Label, Language, label_text

REASONS: dict[Reason, Label] = {
    "not_assessed": Label(
        pl="Pokazywane, nieoceniane: sama liczba nie jest ani dobra, ani zła",
        en="Shown, not assessed: the number alone is neither good nor bad",
    ),
    "baseline_of_another_period": Label(
        pl="Wartość bazowa obejmuje inny okres niż miara",
        en="The baseline covers another period than the measure",
    ),
    "value_of_another_period": Label(
        pl="Najnowsza wartość obejmuje inny okres niż miara",
        en="The latest value covers another period than the measure",
    ),
    "value_of_another_unit": Label(
        pl="Najnowsza wartość ma inną jednostkę niż miara",
        en="The latest value is in another unit than the measure",
    ),
    "no_data": Label(pl="Nie zapisano jeszcze żadnej wartości", en="No value has been recorded"),
    "before_baseline": Label(pl="Żadna wartość nie jest nowsza niż bazowa", en="No value is newer than the baseline"),
    "no_target": Label(pl="Nie określono celu", en="No target is set"),
    "target_without_number": Label(
        pl="Cel odnosi się do wartości bazowej, która nie jest liczbą",
        en="The target refers to a baseline that has no number",
    ),
    "no_baseline": Label(pl="Wartość bazowa nie jest liczbą", en="The baseline has no number"),
    "stale": Label(
        pl="Najnowsza wartość jest starsza niż rok i nie mówi o stanie na ten dzień",
        en="The latest value is more than a year older than the day, and says nothing about it",
    ),
    "met": Label(pl="Cel jest osiągnięty", en="The target is met"),
    "target_date_passed": Label(pl="Termin celu minął", en="The target's date has passed"),
    "maintain": Label(pl="Celem jest utrzymanie poziomu", en="The target is to keep the level"),
    "target_of_zero": Label(
        pl="Udział w celu równym zero nie ma sensu", en="A share of a target of zero has no meaning"
    ),
}

STATUSES: dict[Status, Label] = {
    "no_data": Label(pl="Dokument: brak danych", en="The document: no data"),
    "unknown": Label(pl="Dokument: autorzy nie wiedzieli", en="The document: its authors did not know"),
    "none": Label(pl="Dokument: nic takiego nie było", en="The document: nothing of the kind existed"),
    "not_stated": Label(pl="Dokument nie podaje wartości", en="The document states no figure"),
}

NOT_COUNTED = Label(
    pl="Żadna usługa jej nie liczy i nikt jej jeszcze nie zapisał",
    en="No service counts it, and nobody has recorded it yet",
)
NOT_PULLED = Label(
    pl="Usługa, która ją liczy, jeszcze nie odpowiedziała", en="The service that counts it has not answered yet"
)
NOT_THEN = Label(pl="Na ten dzień nic nie zapisano", en="Nothing is recorded for that day")


def said(label: Label, language: Language) -> str | dict[str, str]:
    """A sentence in the language asked for."""
    return label_text(label.pl, label.en, language)


def reason(code: Reason, language: Language) -> str | dict[str, str]:
    """Why a number is missing, in the language asked for."""
    return said(REASONS[code], language)
