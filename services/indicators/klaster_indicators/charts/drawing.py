"""The drawing process: the only place that loads matplotlib. Readable in black and white, each kind by its own mark."""

import textwrap
from datetime import date, timedelta
from io import StringIO
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
import matplotlib.dates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from klaster_indicators.charts.picture import Mark, Picture
from klaster_indicators.numbers import compact
from klaster_shared.children.serving import serve

MEMORY = 1 << 30  # address space; a chart takes 0.2 GiB of it, most of which is never touched
IDLE = 60.0  # seconds; then the 60 MiB are free again, and the next chart waits a second for its process
_EPOCH = date(1970, 1, 1)
_TIME: Any = matplotlib.dates  # which has no types
_DARK, _GREY = "#111111", "#767676"
_SHOWN_LABELS = 8  # of observations: more of them would lie upon each other
_MOST_MARKS = 100  # of one kind: daily values are a line, with a mark here and there
_SCALES = ((10**9, {"pl": "mld", "en": "bn"}), (10**6, {"pl": "mln", "en": "m"}))
mpl.rcParams.update({"svg.hashsalt": "klaster", "svg.fonttype": "path", "font.size": 12})


def draw(picture: Picture) -> str:
    """The picture as SVG; the same picture is always the same text."""
    figure = Figure(figsize=(picture.width / 72, picture.height / 72), layout="constrained")
    axes = figure.add_subplot()
    _write_title(axes, picture)
    if picture.nothing is not None:
        _say_nothing(axes, picture.nothing)
    else:
        values = [mark.value for mark in picture.marks]
        _scale_values(axes, min(values), max(values))
        _draw_line(axes, picture)
        _draw_observations(axes, picture)
        _draw_ends(axes, picture)
        _scale(axes, picture)
        figure.legend(loc="outside lower center", ncols=_columns(picture), frameon=False, fontsize=11, handlelength=2.6)
    buffer = StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return _with_alt_text(buffer.getvalue(), picture)


def _write_title(axes: Axes, picture: Picture) -> None:
    # A letter is 0.6 of its height wide at most, on average: shorter lines are never cut.
    room = max(20, int(picture.width / (14 * 0.6)) - 2)
    lines = textwrap.wrap(picture.title, room, max_lines=3 if picture.height >= 360 else 2, placeholder=" …")
    axes.set_title("\n".join([*lines, picture.subtitle]), fontsize=13, loc="left", color=_DARK)


def _say_nothing(axes: Axes, sentence: str) -> None:
    axes.set_axis_off()
    axes.text(0.5, 0.5, sentence, ha="center", va="center", fontsize=14, color=_DARK, transform=axes.transAxes)


def _draw_line(axes: Axes, picture: Picture) -> None:
    if not picture.joined or picture.baseline is None or picture.target is None:
        return
    ends = (picture.baseline, picture.target)
    axes.plot(
        [_day(mark) for mark in ends],
        [mark.value for mark in ends],
        linestyle=(0, (6, 4)),
        color=_GREY,
        linewidth=1.6,
        label=picture.legend["line"],
    )


def _draw_ends(axes: Axes, picture: Picture) -> None:
    for mark, shape, name in ((picture.baseline, "s", "baseline"), (picture.target, "D", "target")):
        if mark is None:
            continue
        label = picture.legend[name] + (f" ({picture.legend['other'].lower()})" if mark.kind == "other" else "")
        _marks(axes, [mark], shape, label=label, size=9, face="white")
        _write(axes, mark, above=name == "target" or not _rises(picture), bold=True)


def _rises(picture: Picture) -> bool:
    after = picture.target or (picture.observations[-1] if picture.observations else None)
    return picture.baseline is None or after is None or after.value >= picture.baseline.value


def _draw_observations(axes: Axes, picture: Picture) -> None:
    joined = [mark for mark in picture.observations if mark.kind in {"exact", "approximate"}]
    axes.plot([_day(mark) for mark in joined], [mark.value for mark in joined], color=_DARK, linewidth=1.8)
    many = len(picture.observations) > 40
    for kind, shape, face in (
        ("exact", "o", _DARK),
        ("approximate", "o", "white"),
        ("running", "^", "white"),
        ("other", "x", _DARK),
    ):
        marks = [mark for mark in picture.observations if mark.kind == kind]
        if marks:
            _marks(axes, marks, shape, label=picture.legend[kind], size=3 if many else 7, face=face)
    named = picture.observations if len(picture.observations) <= _SHOWN_LABELS else picture.observations[-1:]
    for mark in named:
        _write(axes, mark, above=_lies_above(mark, picture))


def _lies_above(mark: Mark, picture: Picture) -> bool:
    """Whether its number is written above it: away from the line to the target."""
    start, end = picture.baseline, picture.target
    if start is None or end is None or end.on == start.on:
        return True
    share = min(max((mark.on - start.on) / (end.on - start.on), 0.0), 1.0)
    return mark.value >= start.value + share * (end.value - start.value)


def _marks(axes: Axes, marks: list[Mark], shape: str, *, label: str, size: int, face: str) -> None:
    axes.plot(
        [_day(mark) for mark in marks],
        [mark.value for mark in marks],
        linestyle="none",
        marker=shape,
        markersize=size,
        markerfacecolor=face,
        markeredgecolor=_DARK,
        markeredgewidth=1.6,
        color=_DARK,
        label=label,
        markevery=max(1, len(marks) // _MOST_MARKS),
        zorder=3,
    )


def _write(axes: Axes, mark: Mark, *, above: bool, bold: bool = False) -> None:
    bottom, top = axes.get_ylim()
    over = above or mark.value - bottom < 0.1 * (top - bottom)  # not upon the axis
    axes.annotate(
        mark.label,
        (_day(mark), mark.value),
        xytext=(0, 9 if over else -9),
        textcoords="offset points",
        ha="center",
        va="bottom" if over else "top",
        fontsize=11,
        fontweight="bold" if bold else "normal",
        color=_DARK,
        bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        zorder=4,
    )


def _scale(axes: Axes, picture: Picture) -> None:
    _scale_time(axes, [mark.on for mark in picture.marks])
    values = [mark.value for mark in picture.marks]
    factor, word = next(
        ((size, names[picture.language]) for size, names in _SCALES if max(map(abs, values)) >= size), (1, "")
    )
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=factor == 1 and max(values) >= 6))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: compact(value / factor, picture.language)))
    axes.set_ylabel(f"{picture.axis} ({word})" if word else picture.axis)
    axes.grid(axis="y", color="#d9d9d9", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _scale_time(axes: Axes, days: list[date]) -> None:
    first, last = min(days), max(days)
    margin = max((last - first) * 0.09, timedelta(days=120))
    axes.set_xlim(_number(first - margin), _number(last + margin))
    years = (last - first).days / 365.25
    if years >= 1.5:
        axes.xaxis.set_major_locator(_TIME.YearLocator(base=max(1, round(years / 8)), month=12, day=31))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: str(_date(value).year)))
    else:
        axes.xaxis.set_major_locator(_TIME.AutoDateLocator(maxticks=6))
        axes.xaxis.set_major_formatter(_TIME.DateFormatter("%m.%Y"))


def _scale_values(axes: Axes, low: float, high: float) -> None:
    """From zero, but where all lies far from it and close together: then a scale from zero would show a flat line."""
    spread = high - low
    bottom = min(low, 0.0) if spread >= 0.2 * max(abs(high), abs(low)) or spread == 0 else low - 0.6 * spread
    top = high if high > bottom else bottom + 1
    room = 0.16 * (top - bottom)
    axes.set_ylim(bottom - (room if bottom < 0 or bottom == low else 0), top + room)


def _columns(picture: Picture) -> int:
    return 2 if picture.width < 640 else 3


def _day(mark: Mark) -> float:
    return _number(mark.on)


def _number(day: date) -> float:
    """Days as matplotlib counts them."""
    return float((day - _EPOCH).days)


def _date(number: float) -> date:
    return _EPOCH + timedelta(days=number)


def _with_alt_text(svg: str, picture: Picture) -> str:
    """The element alone, in pixels, with its title and description for those who do not see it."""
    start = svg.index("<svg ")
    head_end = svg.index(">", start)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" version="1.1"'
        f' xml:lang="{picture.language}" aria-labelledby="title desc" width="{picture.width}" height="{picture.height}"'
        f' viewBox="0 0 {picture.width} {picture.height}">'
    )
    title = f"{picture.title} ({picture.subtitle})"
    words = f'<title id="title">{escape(title)}</title><desc id="desc">{escape(picture.description)}</desc>'
    return head + words + svg[head_end + 1 :]


def _answer(question: bytes) -> bytes:
    return draw(Picture.from_json(question)).encode()


if __name__ == "__main__":
    serve(_answer, memory=MEMORY, idle=IDLE)
