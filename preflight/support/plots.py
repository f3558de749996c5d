"""Small plots as SVG text for the report's page: lines over time, and bars of stages. Pure."""

from collections.abc import Callable, Sequence
from html import escape

from preflight.support.lines import Axis, runs

WIDTH = 640
HEIGHT = 140
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 10, 22
_BAR = 18


def line_plot(
    title: str,
    x: Sequence[float],
    y: Sequence[float | None],
    axis: Axis,
    *,
    x_unit: str,
    say: Callable[[str], str] = str,
) -> str:
    """Return a figure of ``y`` over ``x``, with gaps where ``y`` is None; empty without values.

    Args:
        x: ascending, as long as ``y``.
        say: translates the plot's own words; placeholders stay.
    """
    known = [value for value in y if value is not None]
    if not known or len(x) != len(y):
        return ""
    axis = axis.beside(known)
    low, high = min(axis.low, *known), max(axis.high, *known)
    span, first = (high - low) or 1.0, x[0]
    length = (x[-1] - first) or 1.0

    def at(value: float, when: float) -> str:
        across = _LEFT + (when - first) / length * (WIDTH - _LEFT - _RIGHT)
        return f"{across:.1f},{_height_of(value, low, span):.1f}"

    parts = [_axis_words(low, high, axis.unit, f"{first:g}", f"{x[-1]:g} {x_unit}")]
    if axis.limit is not None:
        words = say("limit {limit}").format(limit=f"{axis.limit:g} {axis.unit}")
        up = _height_of(axis.limit, low, span)
        parts.append(
            f'<line class="limit" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{up:.1f}" y2="{up:.1f}"/>'
            f'<text class="limit" x="{WIDTH - _RIGHT}" y="{up - 4:.1f}">{escape(words)}</text>'
        )
    for run in runs(x, y):
        points = " ".join(at(value, when) for when, value in run)
        if len(run) == 1:
            across, up_text = points.split(",")
            parts.append(f'<circle class="line" cx="{across}" cy="{up_text}" r="2"/>')
        else:
            parts.append(f'<polyline class="line" points="{points}"/>')
    told = say("{low} to {high}").format(
        low=f"{min(known):g}", high=f"{max(known):g} {axis.unit}".strip()
    )
    return _figure(title, told, "".join(parts), HEIGHT)


def bar_plot(
    title: str,
    bars: Sequence[tuple[str, float, float]],
    *,
    unit: str,
    say: Callable[[str], str] = str,
) -> str:
    """Return a figure of named spans ``(name, start, length)``; empty without any."""
    if not bars:
        return ""
    end = max(start + length for _, start, length in bars) or 1.0
    left = 150
    scale = (WIDTH - left - 90) / end
    parts = []
    for row, (name, start, length) in enumerate(bars):
        top = _TOP + row * (_BAR + 4)
        across, wide = left + start * scale, max(2.0, length * scale)
        parts.append(
            f'<text class="name" x="{left - 8}" y="{top + 13}">{escape(name)}</text>'
            f'<rect class="bar" x="{across:.1f}" y="{top}" width="{wide:.1f}" height="{_BAR}"/>'
            f'<text x="{across + wide + 6:.1f}" y="{top + 13}">'
            f"{_length(length)} {escape(unit)}</text>"
        )
    since = say("{time} since the start").format(time=f"{_length(end)} {unit}")
    foot = _TOP + len(bars) * (_BAR + 4)
    parts.append(
        f'<line class="axis" x1="{left}" x2="{left + end * scale:.1f}" y1="{foot}" y2="{foot}"/>'
        f'<text x="{left}" y="{foot + 14}">0</text>'
        f'<text class="name" x="{left + end * scale:.1f}" y="{foot + 14}">'
        f"{escape(since)}</text>"
    )
    return _figure(
        title, say("{count} stages").format(count=len(bars)), "".join(parts), foot + 2 * _TOP
    )


def _length(length: float) -> str:
    return f"{length:.0f}" if length >= 10 else f"{length:.1f}"


def _height_of(value: float, low: float, span: float) -> float:
    return _TOP + (1.0 - (value - low) / span) * (HEIGHT - _TOP - _BOTTOM)


def _axis_words(low: float, high: float, unit: str, first: str, last: str) -> str:
    foot = HEIGHT - _BOTTOM
    return (
        f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{foot}" y2="{foot}"/>'
        f'<text class="name" x="{_LEFT - 6}" y="{_TOP + 10}">{high:.4g} {escape(unit)}</text>'
        f'<text class="name" x="{_LEFT - 6}" y="{foot}">{low:.4g}</text>'
        f'<text x="{_LEFT}" y="{HEIGHT - 6}">{escape(first)}</text>'
        f'<text class="name" x="{WIDTH - _RIGHT}" y="{HEIGHT - 6}">{escape(last)}</text>'
    )


def _figure(title: str, told: str, inside: str, height: int) -> str:
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}: {escape(told)}">{inside}</svg></figure>'
    )
