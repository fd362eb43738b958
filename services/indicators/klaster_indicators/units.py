"""Names of units, in Polish and English; a unit that nobody named here is shown by its code."""

_NAMES = {
    "EUR": ("EUR", "EUR"),
    "PLN": ("PLN", "PLN"),
    "body": ("ciała doradcze", "bodies"),
    "cluster": ("klastry", "clusters"),
    "consortium": ("konsorcja", "consortia"),
    "deal": ("transakcje", "deals"),
    "entity": ("podmioty", "entities"),
    "event": ("wydarzenia", "events"),
    "fund": ("fundusze", "funds"),
    "job": ("miejsca pracy", "jobs"),
    "lab": ("laboratoria", "laboratories"),
    "m2": ("m²", "m²"),
    "network": ("sieci", "networks"),
    "offer": ("oferty", "offers"),
    "offering": ("oferty publiczne", "offerings"),
    "percent": ("%", "%"),
    "person": ("osoby", "persons"),
    "programme": ("programy", "programmes"),
    "project": ("projekty", "projects"),
    "repository": ("repozytoria", "repositories"),
    "service": ("usługi", "services"),
    "tCO2e": ("t CO₂e", "t CO₂e"),
    "unspecified": ("jednostka nieokreślona", "unit not stated"),
}


def unit_name(code: str, language: str) -> str:
    """What a unit is called."""
    pl, en = _NAMES.get(code, (code, code))
    return pl if language == "pl" else en
