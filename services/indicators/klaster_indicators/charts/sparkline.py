"""A word-sized picture of a time line, for lists: a few lines of SVG, written by hand."""

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

from klaster_indicators.charts.picture import Mark, Picture

_MARGIN = 4.0
_DOTS = 60  # more values than pixels to tell them apart say nothing more


def sparkline(picture: Picture, *, label: str | None = None) -> str:
    """The picture as a sparkline: values as a line, the last one as a dot, the way to the target dashed."""
    title = label or f"{picture.title} ({picture.subtitle})"
    if picture.nothing is not None:
        words = f"{picture.description} {picture.nothing}."
        return _element(picture, title, words, _dash(picture))
    return _element(picture, title, picture.description, _drawn(picture))


def _element(picture: Picture, title: str, description: str, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" xml:lang="{picture.language}" width="{picture.width}"'
        f' height="{picture.height}" viewBox="0 0 {picture.width} {picture.height}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{body}</svg>"
    )


def _dash(picture: Picture) -> str:
    """Nothing to show: a short stroke in the middle, as in a table."""
    middle, half = picture.height / 2, picture.width / 2
    return f'<path d="M{half - 6:g} {middle:g}H{half + 6:g}" stroke="#767676" fill="none"/>'


def _drawn(picture: Picture) -> str:
    scale = _Scale(picture)
    parts = []
    if picture.way:
        way = scale.path(picture.way)
        parts.append(f'<path d="{way}" stroke="#767676" stroke-dasharray="4 3" fill="none"/>')
    joined = _thinned([mark for mark in picture.observations if mark.kind in {"exact", "approximate"}])
    if len(joined) > 1:
        parts.append(f'<path d="{scale.path(joined)}" stroke="#111" stroke-width="1.5" fill="none"/>')
    if picture.target:
        x, y = scale.at(picture.target)
        parts.append(f'<path d="M{x:g} {y - 3:g}l3 3l-3 3l-3-3z" stroke="#111" fill="#fff"/>')
    last = picture.observations[-1] if picture.observations else picture.baseline
    if last is not None:
        x, y = scale.at(last)
        filled = "#111" if last.kind == "exact" and picture.observations else "#fff"
        parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="2.5" stroke="#111" fill="{filled}"/>')
    return "".join(parts)


def _thinned(marks: Sequence[Mark]) -> Sequence[Mark]:
    step = -(-len(marks) // _DOTS)
    return marks if step <= 1 else [*marks[:-1:step], marks[-1]]


class _Scale:
    """From days and numbers to pixels."""

    def __init__(self, picture: Picture) -> None:
        days = [mark.on for mark in picture.marks]
        values = [mark.value for mark in picture.marks]
        self._first, self._days = min(days), max((max(days) - min(days)).days, 1)
        self._low, self._spread = min(values), (max(values) - min(values)) or 1.0
        self._flat = max(values) == min(values)
        self._width, self._height = picture.width - 2 * _MARGIN, picture.height - 2 * _MARGIN

    def at(self, mark: Mark) -> tuple[float, float]:
        share = 0.5 if self._flat else (mark.value - self._low) / self._spread
        x = _MARGIN + self._width * self._gone(mark.on) / self._days
        return round(x, 1), round(_MARGIN + self._height * (1 - share), 1)

    def _gone(self, day: date) -> int:
        return (day - self._first).days

    def path(self, marks: Sequence[Mark]) -> str:
        return "M" + "L".join("{:g} {:g}".format(*self.at(mark)) for mark in marks)
