"""Charts on paper: the SVG of `web.charts` with its colours written into it.

WeasyPrint draws an SVG inside a page without the page's style sheet, so the classes of the screen would all be black.
"""

from django.utils.safestring import SafeString, mark_safe

GREY, LINE, DARK = "#e6e6e6", "#999999", "#333333"
# The same colours as templates/web/document.css gives: dark enough for a copy, apart enough for the colour-blind.
COLOURS = {
    "s1": "#1c559c",
    "s2": "#c4560a",
    "s3": "#00795e",
    "s4": "#8a4f7d",
    "s5": "#8a6d00",
    "s6": "#56616b",
    "track": GREY,
    "t-muted": DARK,
    "t-on": "#ffffff",
}
PAINTED = {
    **{f'class="{name}"': f'fill="{colour}"' for name, colour in COLOURS.items()},
    'class="grid"': f'stroke="{LINE}" stroke-width="0.6"',
    'class="mark"': f'stroke="{DARK}" stroke-width="1.5" fill="none"',
    'class="big"': 'font-size="22"',
    'class="chart"': 'class="chart" font-size="11" font-family="SimHei"',
}


def on_paper(chart: SafeString) -> SafeString:
    """Return a chart as a paper draws it. Texts cannot be meant: a quotation mark in them is escaped."""
    for screen, paper in PAINTED.items():
        chart = mark_safe(chart.replace(screen, paper))  # noqa: S308  # safe before, and only constants come in
    return chart
