"""What the page of published figures shows: every comparison in words, and how many ended how."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import pgettext

from dashboards.choices import Status
from dashboards.published import Comparison, Publication, Report, period_text, shown
from web.display import show_count
from web.layout import Figure, Tone

TONES = {
    Status.EQUAL: Tone.OK,
    Status.KNOWN: Tone.WARN,
    Status.DIFFERS: Tone.BAD,
    Status.NOT_COMPUTABLE: Tone.NEUTRAL,
}


@dataclass(frozen=True)
class ComparisonRow:
    """A comparison in words. `key` is that of the printed figure; `is_open` asks for an explanation."""

    key: str
    is_open: bool
    label: str
    period: str
    unit: str
    printed: str
    recomputed: str
    difference: str
    result: str
    tone: Tone
    note: str


@dataclass(frozen=True)
class PublishedPage:
    publication: Publication
    figures: Sequence[Figure]
    rows: Sequence[ComparisonRow]


def published_page(report: Report) -> PublishedPage:
    """Return what the page shows of a report."""
    figures = [
        Figure(str(status.label), show_count(number), pgettext("unit", "figures"), tone=_tone(status, number))
        for status, number in report.counts
    ]
    return PublishedPage(report.publication, figures, [_row(one) for one in report.comparisons])


def _tone(status: Status, number: int) -> Tone:
    """A count of unexpected differences is alarming, none of them is not."""
    return TONES[status] if number else Tone.NEUTRAL


def _row(one: Comparison) -> ComparisonRow:
    return ComparisonRow(
        key=one.figure.key,
        is_open=one.status is Status.DIFFERS and one.difference is not None,
        label=one.figure.label,
        period=period_text(one.figure.period),
        unit=str(one.figure.unit.label),
        printed=_printed(one),
        recomputed=shown(one.recomputed),
        difference=shown(one.difference),
        result=str(one.status.label),
        tone=TONES[one.status],
        note=one.note,
    )


def _printed(one: Comparison) -> str:
    text = shown(one.figure.printed)
    return pgettext("more than a number", "over %(number)s") % {"number": text} if one.figure.at_least else text
