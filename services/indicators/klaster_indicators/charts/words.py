"""What charts say, in both languages."""

LEGEND = {
    "baseline": {"pl": "Wartość bazowa", "en": "Baseline"},
    "target": {"pl": "Cel", "en": "Target"},
    "line": {"pl": "Droga do celu (linia prosta)", "en": "Way to the target (straight line)"},
    "exact": {"pl": "Obserwacja", "en": "Observation"},
    "approximate": {"pl": "Obserwacja przybliżona", "en": "Approximate observation"},
    "running": {"pl": "Okres jeszcze trwa", "en": "Period still running"},
    "other": {"pl": "Inny okres lub jednostka", "en": "Another period or unit"},
}
NOTHING = {"pl": "Nie ma jeszcze żadnej liczby", "en": "There is no number yet"}
UNIT = {"pl": "Jednostka: {unit}.", "en": "Unit: {unit}."}
BASELINE = {"pl": "Wartość bazowa: {value} ({on}).", "en": "Baseline: {value} ({on})."}
NO_BASELINE = {"pl": "Wartość bazowa nie jest liczbą.", "en": "The baseline has no number."}
TARGET = {"pl": "Cel: {value} ({on}).", "en": "Target: {value} ({on})."}
INTERIM = {"pl": "Cele lat wcześniejszych: {listed}.", "en": "Targets of the years before: {listed}."}
NO_TARGET = {"pl": "Cel nie jest liczbą.", "en": "The target has no number."}
OBSERVATIONS = {
    "pl": "Liczba obserwacji: {count}, od {first} ({first_on}) do {last} ({last_on}).",
    "en": "Number of observations: {count}, from {first} ({first_on}) to {last} ({last_on}).",
}
NO_OBSERVATIONS = {"pl": "Nie ma jeszcze obserwacji.", "en": "There are no observations yet."}
