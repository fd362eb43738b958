"""What a caller accepts: formats and encodings, by their weight (RFC 9110, 12)."""

from klaster_registry.exports.errors import NotAcceptable
from klaster_registry.exports.schemas import Format
from klaster_registry.exports.workbook import MEDIA_TYPE as XLSX

_FORMATS: dict[str, Format] = {
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
    "text/csv": "csv",
    XLSX: "xlsx",
    "application/ld+json": "jsonld",
    "application/json": "ndjson",
    "application/*": "ndjson",
    "text/*": "csv",
    "*/*": "ndjson",
}


def format_of(accept: str | None) -> Format:
    """The format that an Accept header prefers; `ndjson` where it is absent. Raises NotAcceptable."""
    if not accept:
        return "ndjson"
    weights = {name: weight for name, weight in _weighted(accept) if name in _FORMATS and weight > 0}
    if not weights:
        raise NotAcceptable(f"Made here: {', '.join(name for name in _FORMATS if '*' not in name)}")
    return _FORMATS[max(weights, key=lambda name: weights[name])]


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether an answer may come compressed."""
    weights = dict(_weighted(accept_encoding or ""))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weighted(header: str) -> list[tuple[str, float]]:
    found = []
    for item in header.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        stated = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            found.append((name, float(stated)))
        except ValueError:
            found.append((name, 0.0))
    return found
