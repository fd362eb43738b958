"""What findings say, in both languages."""

from collections.abc import Mapping

from klaster_indicators.quality.findings import Finding, Kind
from klaster_indicators.scorecard.names import PERIODS, VALUE_STATUSES
from klaster_shared.labels import Label

KINDS: dict[Kind, Label] = {
    "contradicting_figures": Label(pl="Sprzeczne liczby", en="Contradicting figures"),
    "parts_do_not_add_up": Label(pl="Składniki nie dają sumy", en="Parts that do not add up"),
    "another_period": Label(pl="Wartość bazowa za inny okres", en="Baseline of another period"),
    "no_baseline": Label(pl="Brak wartości bazowej", en="No baseline"),
    "no_target": Label(pl="Brak celu", en="No target"),
    "target_without_number": Label(pl="Cel, który nie jest liczbą", en="Target that is no number"),
    "no_source": Label(pl="Brak źródła weryfikacji", en="No source of verification"),
    "source_unclear": Label(pl="Niejasne źródło", en="Unclear source"),
    "ambiguous": Label(pl="Niejednoznaczny zapis", en="Ambiguous reading"),
    "placed_by_reading": Label(pl="Miejsce odczytane", en="Place that is a reading"),
    "numbering_slip": Label(pl="Błąd numeracji", en="Numbering slip"),
    "not_numbered": Label(pl="Brak numeru", en="Not numbered"),
    "spelled_differently": Label(pl="Różna pisownia", en="Spelled in two ways"),
    "rule_open": Label(pl="Zasada nieokreślona", en="Rule left open"),
    "never_measured": Label(pl="Nigdy niezmierzone", en="Never measured"),
    "stale_figure": Label(pl="Nieaktualna liczba bieżąca", en="Stale live figure"),
}
SENTENCES: dict[Kind, Label] = {
    "contradicting_figures": Label(
        pl="{name} podaje {own}, a {indicator}/{their_measure} podaje {other}: obie liczby stoją w dokumencie",
        en="{name} gives {own}, {indicator}/{their_measure} gives {other}: both stand in the document",
    ),
    "parts_do_not_add_up": Label(
        pl="{name}: składniki dają razem {parts}, a podano {whole}",
        en="{name}: the parts come to {parts}, the figure given is {whole}",
    ),
    "another_period": Label(
        pl="{name}: okres wartości bazowej to „{baseline}”, a okres miary „{measure_period}”",
        en="{name}: the baseline is counted “{baseline}”, the measure “{measure_period}”",
    ),
    "no_baseline": Label(
        pl="{name} nie ma liczby, od której się zaczyna: {status}", en="{name} has no number to start from: {status}"
    ),
    "no_target": Label(pl="{name} nie ma celu", en="{name} has no target"),
    "target_without_number": Label(
        pl="{name}: cel odnosi się do wartości bazowej, która nie jest liczbą",
        en="{name}: the target refers to a baseline that is no number",
    ),
    "no_source": Label(
        pl="{name}: nie wiadomo, skąd brać wartości", en="{name}: nothing says where its values are to come from"
    ),
    "source_unclear": Label(
        pl="{name}: nie wiadomo, do którego wiersza należy adres źródła",
        en="{name}: it is unclear to which row the address of the source belongs",
    ),
    "ambiguous": Label(
        pl="{name}: zapis można odczytać na więcej niż jeden sposób", en="{name} can be read in more than one way"
    ),
    "placed_by_reading": Label(
        pl="{name}: ścieżka jest odczytaniem dokumentu", en="{name}: its path is a reading of the document"
    ),
    "numbering_slip": Label(
        pl="{name}: wydrukowano numer {printed} zamiast {own}", en="{name} is printed as {printed} in place of {own}"
    ),
    "not_numbered": Label(pl="{name}: dokument nie podaje numeru", en="{name}: the document prints no number"),
    "spelled_differently": Label(
        pl="{name}: raz „{printed}”, raz „{also}”", en="{name}: once “{printed}”, once “{also}”"
    ),
    "rule_open": Label(pl="Zasada {name} jest nieokreślona", en="The rule {name} is left open"),
    "never_measured": Label(
        pl="{name}: zdefiniowano, a nic nie zmierzono", en="{name} is defined, and nothing has been measured"
    ),
    "stale_figure": Label(
        pl="{name}: źródło liczby {figure} nie odpowiada: {problem}",
        en="{name}: the source of {figure} does not answer: {problem}",
    ),
}
TABLES: dict[str, Label] = {
    "interest_groups": Label(pl="Grupy interesów", en="Interest groups"),
    "networks_and_programmes": Label(pl="Sieci i programy", en="Networks and programmes"),
    "rules": Label(pl="Zasady", en="Rules"),
    "effects": Label(pl="Efekty ścieżek", en="Effects of the paths"),
    "effect_indicators": Label(pl="Wskaźniki efektów", en="Indicators of effects"),
    "programmes": Label(pl="Programy i ich cele", en="Programmes and their goals"),
    "tasks": Label(pl="Zadania i usługi", en="Tasks and services"),
    "verification_links": Label(pl="Adresy źródeł", en="Addresses of sources"),
}
_STATUSES = {str(code): label for code, label in VALUE_STATUSES.items()}
_PERIODS = {str(code): label for code, label in PERIODS.items()}


def sentence_of(finding: Finding) -> Label:
    """What a finding says."""
    name = f"{finding.code}/{finding.measure}" if finding.measure else finding.code
    said = SENTENCES[finding.kind]
    return Label(
        pl=said.pl.format_map({"name": name, **_words(finding, "pl")}),
        en=said.en.format_map({"name": name, **_words(finding, "en")}),
    )


def _words(finding: Finding, language: str) -> Mapping[str, str]:
    """Codes of statuses and periods in words; the rest as it is."""
    if finding.kind == "no_baseline":
        return {"status": getattr(_STATUSES[finding.said["status"]], language)}
    if finding.kind == "another_period":
        periods = {name: getattr(_PERIODS[code], language) for name, code in finding.said.items()}
        return {"baseline": periods["baseline"], "measure_period": periods["measure"]}
    return finding.said
