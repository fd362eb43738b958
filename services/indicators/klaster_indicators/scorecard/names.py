"""What statuses, methods, periods and directions are called, in Polish and English."""

from klaster_indicators.document.values import Direction, Period
from klaster_indicators.document.values import Status as ValueStatus
from klaster_indicators.scorecard.arithmetic import Method, Status
from klaster_shared.labels import Label

STATUSES: dict[Status, Label] = {
    "achieved": Label(pl="osiągnięty", en="achieved"),
    "on_track": Label(pl="zgodnie z planem", en="on track"),
    "at_risk": Label(pl="zagrożony", en="at risk"),
    "off_track": Label(pl="poniżej planu", en="off track"),
    "regressing": Label(pl="cofa się", en="regressing"),
    "missed": Label(pl="nieosiągnięty w terminie", en="missed"),
    "no_target": Label(pl="bez celu", en="no target"),
    "no_baseline": Label(pl="bez wartości bazowej", en="no baseline"),
    "no_data": Label(pl="brak danych", en="no data"),
    "not_comparable": Label(pl="nieporównywalny", en="not comparable"),
    "stale": Label(pl="nieaktualny", en="stale"),
    "not_assessed": Label(pl="nieoceniany", en="not assessed"),
}
METHODS: dict[Method, Label] = {
    "share_of_way": Label(pl="część drogi od wartości bazowej do celu", en="share of the way from baseline to target"),
    "level": Label(pl="poziom: wartość podzielona przez cel", en="level: value divided by target"),
    "maintain": Label(pl="utrzymanie: wartość podzielona przez cel", en="kept: value divided by target"),
}
PERIODS: dict[Period, Label] = {
    "point": Label(pl="stan na dzień", en="on a day"),
    "year": Label(pl="w roku", en="in a year"),
    "window_3y": Label(pl="w trzech latach", en="in three years"),
    "cumulative": Label(pl="narastająco", en="cumulative"),
}
DIRECTIONS: dict[Direction, Label] = {
    "increase": Label(pl="wzrost", en="increase"),
    "decrease": Label(pl="spadek", en="decrease"),
    "maintain": Label(pl="utrzymanie", en="maintain"),
}
VALUE_STATUSES: dict[ValueStatus, Label] = {
    "no_data": Label(pl="brak danych", en="no data"),
    "unknown": Label(pl="nieznana", en="unknown"),
    "none": Label(pl="nic takiego nie było", en="nothing of the kind"),
    "not_stated": Label(pl="nie podano", en="not stated"),
}
