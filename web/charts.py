"""Charts drawn by the server: no script, right on paper, each part a link to the rows behind it.

Every function takes plain values and returns safe HTML without style attributes (strict CSP); colours are classes.
A drawing with links has role="group" (role="img" may not hold what can take the focus) and says its figures in words.
Nothing to show gives the empty state, never a division by zero. Geometry is float; figures are shown as they came in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

Number = Decimal | int
Point = tuple[float, float]

COLOURS = 6
AXIS_STEPS = 4
AXIS_TOPS = (4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 60, 72)


@dataclass(frozen=True)
class Bar:
    """A row of `bars`. `note` is small print behind the figure; `shown` replaces the figure's own form."""

    label: str
    value: Number
    url: str = ""
    note: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Series:
    """One colour of `stacked`: a value for every label."""

    name: str
    values: Sequence[Number]


@dataclass(frozen=True)
class Part:
    """A slice of `donut` or a stage of `funnel`."""

    name: str
    value: Number
    url: str = ""


def bars(rows: Sequence[Bar], *, unit: str = "") -> SafeString:
    """Horizontal bars as an HTML list: it reflows on phones and needs no description of its own."""
    if not rows:
        return nothing()
    top = max(row.value for row in rows)
    return format_html('<ul class="bars">{}</ul>', join(_bar(row, share(row.value, top), unit) for row in rows))


def stacked(
    labels: Sequence[str], series: Sequence[Series], *, unit: str, title: str, urls: Sequence[str] = ()
) -> SafeString:
    """Columns of several series, one link per label when `urls` are given. All series are as long as `labels`."""
    totals = [sum(values) for values in zip(*(one.values for one in series), strict=True)]
    if not labels or not series or not any(totals):
        return nothing()
    frame = _Frame(columns=len(labels), top=axis_top(max(totals)))
    columns = (
        _column(frame, at, label, series, totals[at], unit, urls[at] if urls else "")
        for at, label in enumerate(labels)
    )
    highest = totals.index(max(totals))
    description = gettext("total %(total)s %(unit)s, most in %(label)s with %(most)s %(unit)s") % {
        "total": figure(sum(totals)),
        "unit": unit,
        "label": labels[highest],
        "most": figure(totals[highest]),
    }
    return drawing(frame.width, frame.height, title, description, [_grid(frame), *columns], linked=bool(urls))


def donut(parts: Sequence[Part], *, title: str, unit: str, centre: str = "") -> SafeString:
    """A ring with the total in its middle (or `centre`). Show a `legend` beside it: colour alone says nothing."""
    total = sum(part.value for part in parts)
    if total <= 0:
        return nothing()
    body, begun = [], 0.0
    for at, part in enumerate(parts):
        ended = begun + share(part.value, total)
        if part.value > 0:
            body.append(_slice(part, colour(at), begun, ended, percent(part.value, total)))
        begun = ended
    middle = format_html(
        '<text class="big" x="100" y="104" text-anchor="middle">{}</text>'
        '<text class="t-muted" x="100" y="124" text-anchor="middle">{}</text>',
        centre or figure(total),
        unit,
    )
    linked = any(part.url for part in parts)
    return drawing(200, 200, title, listing((part.name, part.value) for part in parts), [*body, middle], linked=linked)


def legend(names: Sequence[tuple[str, Number]], *, column: bool = False) -> SafeString:
    """The colours of `stacked` or `donut` with their names and sums, in the same order."""
    rows = (
        format_html(
            '<li><svg aria-hidden="true" viewBox="0 0 12 12"><rect class="{}" width="12" height="12" rx="2"/></svg>{}'
            '<span class="num">{}</span></li>',
            colour(at),
            name,
            figure(value),
        )
        for at, (name, value) in enumerate(names)
    )
    return format_html('<ul class="legend{}">{}</ul>', " legend-col" if column else "", join(rows))


def funnel(stages: Sequence[Part], *, title: str) -> SafeString:
    """Centred bars, one below the other, each with its share of the stage before."""
    if not stages or not any(stage.value for stage in stages):
        return nothing()
    top = max(stage.value for stage in stages)
    before = [None, *stages]
    body = [_stage(at, stage, before[at], share(stage.value, top)) for at, stage in enumerate(stages)]
    description = listing((stage.name, stage.value) for stage in stages)
    return drawing(340, 40 * len(stages), title, description, body, linked=any(stage.url for stage in stages))


def gauge(value: Number, *, top: Number, unit: str, title: str, limit: Number | None = None) -> SafeString:
    """A half circle from 0 to `top` with a mark at `limit`; above it the colour changes and the words say so."""
    if top <= 0:
        return nothing()
    above = limit is not None and value > limit
    body = [_arc(0, 1, "track"), _arc(0, share(value, top), "s2" if above else "s3")]
    if limit is not None:
        body.append(_mark(share(limit, top), figure(limit)))
    body.append(_gauge_words(value, top, unit))
    description = gettext("%(value)s %(unit)s on a scale to %(top)s") % {
        "value": figure(value),
        "unit": unit,
        "top": figure(top),
    }
    if limit is not None:
        words = gettext("above the limit of %(limit)s") if above else gettext("limit %(limit)s")
        description += pgettext("between two clauses", ", ") + words % {"limit": figure(limit)}
    return drawing(220, 126, title, description, body, linked=False)


def nothing() -> SafeString:
    return format_html('<p class="empty">{}</p>', gettext("No data"))


def drawing(
    width: float, height: float, title: str, description: str, body: Iterable[SafeString], *, linked: bool
) -> SafeString:
    """The SVG around a drawing; its name is the title and the figures in words."""
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>',
        width,
        height,
        "group" if linked else "img",
        title + pgettext("between a label and its text", ": ") + description,
        join(body),
    )


def as_link(url: str, label: str, body: SafeString) -> SafeString:
    """`body` as a link that says `label`; without an address the body alone."""
    return format_html('<a href="{}" aria-label="{}">{}</a>', url, label, body) if url else body


def join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def colour(at: int) -> str:
    return f"s{at % COLOURS + 1}"


def share(value: Number, total: Number) -> float:
    """The part of `total` that `value` is, between 0 and 1; of nothing it is 0."""
    return min(max(float(value) / float(total), 0.0), 1.0) if total > 0 else 0.0


def percent(value: Number, total: Number) -> str:
    return f"{share(value, total):.1%}"


def figure(value: Number) -> str:
    """1,770.9: thousands, and no zeros behind the last decimal."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def listing(named: Iterable[tuple[str, Number]]) -> str:
    return pgettext("between two clauses", ", ").join(f"{name} {figure(value)}" for name, value in named)


def axis_top(highest: Number) -> int:
    """The smallest round number that is not below `highest` and divides into four whole steps."""
    scale = 1
    while True:
        for top in AXIS_TOPS:
            if top * scale >= highest:
                return top * scale
        scale *= 10


def _bar(row: Bar, width: float, unit: str) -> SafeString:
    inner = format_html(
        '<span>{}</span><svg aria-hidden="true" focusable="false">'
        '<rect class="track" width="100%" height="16" rx="3"/><rect class="s1" width="{}%" height="16" rx="3"/></svg>'
        '<span class="num">{} {} <small class="muted">{}</small></span>',
        row.label,
        f"{width * 100:.2f}",
        row.shown or figure(row.value),
        unit,
        row.note,
    )
    if row.url:
        return format_html('<li><a class="bar" href="{}">{}</a></li>', row.url, inner)
    return format_html('<li><div class="bar">{}</div></li>', inner)


@dataclass(frozen=True)
class _Frame:
    """The measures of a column chart: where its plot lies in the drawing, and the value of its highest line."""

    columns: int
    top: int
    width: int = 620
    height: int = 250
    left: int = 48
    right: int = 6
    above: int = 10
    below: int = 26

    @property
    def plot_height(self) -> int:
        return self.height - self.above - self.below

    @property
    def step(self) -> float:
        return (self.width - self.left - self.right) / self.columns

    def y(self, value: float) -> float:
        return self.above + self.plot_height * (1 - value / self.top)


def _grid(frame: _Frame) -> SafeString:
    values = [frame.top * step // AXIS_STEPS for step in range(AXIS_STEPS + 1)]
    return format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="t-muted" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (
                frame.left,
                frame.width - frame.right,
                _n(frame.y(value)),
                _n(frame.y(value)),
                frame.left - 6,
                _n(frame.y(value) + 4),
                figure(value),
            )
            for value in values
        ),
    )


def _column(
    frame: _Frame, at: int, label: str, series: Sequence[Series], total: Number, unit: str, url: str
) -> SafeString:
    bar_width = min(34.0, frame.step * 0.62)
    x = frame.left + frame.step * at + (frame.step - bar_width) / 2
    body, below = [], 0.0
    for number, one in enumerate(series):
        value = max(float(one.values[at]), 0.0)
        height = frame.plot_height * value / frame.top
        text = f"{label} {one.name} {figure(one.values[at])} {unit}"
        body.append(_block(colour(number), x, frame.y(below + value), bar_width, max(height - 1, 0.0), text))
        below += value
    parts = listing((one.name, one.values[at]) for one in series)
    spoken = gettext("%(label)s: %(total)s %(unit)s (%(parts)s)") % {
        "label": label,
        "total": figure(total),
        "unit": unit,
        "parts": parts,
    }
    middle, foot = _n(x + bar_width / 2), frame.height - 8
    name = format_html('<text class="t-muted" x="{}" y="{}" text-anchor="middle">{}</text>', middle, foot, label)
    return join([as_link(url, spoken, join(body)), name])


def _block(kind: str, x: float, y: float, width: float, height: float, text: str) -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        kind,
        _n(x),
        _n(y),
        _n(width),
        _n(height),
        text,
    )


def _slice(part: Part, kind: str, begun: float, ended: float, portion: str) -> SafeString:
    # A thin gap keeps neighbours apart without a stroke; a tiny slice must not turn inside out.
    gap = min(0.003, (ended - begun) / 4)
    shape = _ring(begun, ended - gap, outer=90, inner=58, turn=2 * pi, start=-pi / 2, middle=(100, 100))
    text = f"{part.name} {figure(part.value)} {portion}"
    path = format_html('<path class="{}" d="{}"><title>{}</title></path>', kind, shape, text)
    return as_link(part.url, text, path)


def _stage(at: int, stage: Part, before: Part | None, width: float) -> SafeString:
    length = max(width * 190, 4.0)
    y = at * 40
    body = format_html(
        '<text x="0" y="{}">{}</text><rect class="s1" x="{}" y="{}" width="{}" height="28" rx="3"/>'
        '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>',
        y + 20,
        stage.name,
        _n(190 - length / 2),
        y + 2,
        _n(length),
        # A figure that does not fit into its bar stands beside it.
        "t-on" if length > 50 else "t-muted",
        _n(190 if length > 50 else 196 + length / 2),
        y + 20,
        "middle" if length > 50 else "start",
        figure(stage.value),
    )
    rate = percent(stage.value, before.value) if before else ""
    kept = format_html('<text class="t-muted" x="340" y="{}" text-anchor="end">{}</text>', y + 20, rate)
    return join([as_link(stage.url, f"{stage.name} {figure(stage.value)} {rate}".strip(), body), kept])


def _arc(begun: float, ended: float, kind: str) -> SafeString:
    shape = _ring(begun, ended, outer=90, inner=66, turn=pi, start=-pi, middle=(110, 104))
    return format_html('<path class="{}" d="{}"/>', kind, shape)


def _mark(at: float, text: str) -> SafeString:
    (x1, y1), (x2, y2), (x3, y3) = (_on_circle(radius, -pi + pi * at, (110, 104)) for radius in (62, 94, 102))
    return format_html(
        '<path class="mark" d="M{} {}L{} {}"/><text class="t-muted" x="{}" y="{}" text-anchor="middle">{}</text>',
        *map(_n, (x1, y1, x2, y2, x3, y3)),
        text,
    )


def _gauge_words(value: Number, top: Number, unit: str) -> SafeString:
    return format_html(
        '<text class="big" x="110" y="96" text-anchor="middle">{}</text>'
        '<text class="t-muted" x="110" y="116" text-anchor="middle">{}</text>'
        '<text class="t-muted" x="32" y="120" text-anchor="middle">0</text>'
        '<text class="t-muted" x="188" y="120" text-anchor="middle">{}</text>',
        figure(value),
        unit,
        figure(top),
    )


def _ring(
    begun: float, ended: float, *, outer: int, inner: int, turn: float, start: float, middle: Point
) -> SafeString:
    """The path of a piece of a ring between two shares of `turn`, clockwise from the angle `start`."""
    first, last = start + turn * begun, start + turn * ended
    large = int(last - first > pi)
    corners = [
        _on_circle(radius, angle, middle)
        for radius, angle in ((outer, first), (outer, last), (inner, last), (inner, first))
    ]
    a, b, c, d = (f"{_n(x)} {_n(y)}" for x, y in corners)
    # Only numbers go in here, so nothing needs escaping.
    return mark_safe(f"M{a}A{outer} {outer} 0 {large} 1 {b}L{c}A{inner} {inner} 0 {large} 0 {d}Z")  # noqa: S308


def _on_circle(radius: float, angle: float, middle: Point) -> Point:
    return middle[0] + radius * cos(angle), middle[1] + radius * sin(angle)


def _n(number: float) -> str:
    """A coordinate with two decimals at most."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
