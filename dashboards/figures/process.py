"""Figures of the process: how many cases pass each step, how long it takes, what is decided in time, quotas left."""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dashboards.choices import Unit
from dashboards.figures.figure import Compute, Figure, Value
from dashboards.figures.lending import share_percent
from dashboards.figures.programmes import published_versions
from dashboards.figures.selection import Selection, cases_of
from loans.choices import StepCode
from loans.models import Quota
from loans.queries.progress import Progress, ProgressBy, StepWork, read_progress

__all__ = ["FIGURES", "FUNNEL", "ProgressBy", "progress_by", "progress_of", "quotas_of"]

FUNNEL = (
    StepCode.REFERRAL, StepCode.BRANCH_REVIEW, StepCode.COMMITTEE_FILING, StepCode.SUBSIDY_CONFIRMATION,
    StepCode.DISBURSEMENT, StepCode.ASSESSMENT,
)  # fmt: skip
"""The six steps of the programme, in order; the public notice belongs to the branch's review."""


def progress_by(selection: Selection, by: ProgressBy = ProgressBy.WHOLE) -> dict[str | int, Progress]:
    """Return how the cases handed in from `since` to the selection's day had got on by the end of it. One query."""
    return read_progress(cases_of(selection), selection.as_of, by)


def progress_of(selection: Selection) -> Progress:
    """Return the progress of all cases of the selection together."""
    return progress_by(selection).get("", Progress())


def quotas_of(selection: Selection) -> "QuerySet[Quota]":
    """Return the quotas of townships for the versions and years of the selection, as they stand now."""
    wanted = selection.registers.divisions("township__path") & Q(year__lte=selection.as_of.year)
    if selection.division:
        wanted &= Q(township__path=selection.division[:9])
    if selection.since:
        wanted &= Q(year__gte=selection.since.year)
    return Quota.objects.filter(wanted, version__in=published_versions(selection).order_by().values("pk"))


def _quota(name: str) -> Compute:
    return lambda selection: quotas_of(selection).aggregate(total=Sum(name))["total"]


def _quota_left(selection: Selection) -> Decimal | None:
    sums = quotas_of(selection).aggregate(total=Sum("total"), used=Sum("used"))
    return None if sums["total"] is None else sums["total"] - sums["used"]


def _of(read: Callable[[Progress], Value | None]) -> Compute:
    return lambda selection: read(progress_of(selection))


def _passed(step: str) -> Compute:
    return _of(lambda progress: progress.steps.get(step, StepWork()).passed)


def _median(step: str) -> Compute:
    return _of(lambda progress: progress.steps.get(step, StepWork()).median_days)


def _figures_of(step: StepCode) -> tuple[Figure, Figure]:
    return (
        Figure(
            f"passed_{step}", format_lazy(_("Cases past the step: {step}"), step=step.label), Unit.CASE,
            _("Cases handed in during the time that went on from this step by the day; each once, also when it was"
              " sent back later."),
            _passed(step),
        ),
        Figure(
            f"days_{step}", format_lazy(_("Median working days: {step}"), step=step.label), Unit.DAY,
            _("From the day a case came to the step to the day its office decided: the day of arrival is not counted,"
              " the day of the decision is. Of two values in the middle the lower one."),
            _median(step),
        ),
    )  # fmt: skip


FIGURES = (
    Figure("cases_submitted", _("Applications handed in"), Unit.CASE,
           _("Applications handed in during the time, both days counted; drafts are none."),
           _of(lambda progress: progress.submitted)),
    *(figure for step in FUNNEL for figure in _figures_of(step)),
    Figure("decisions_timed", _("Decisions with a deadline"), Unit.TIMES,
           _("Decisions of offices on these cases, but for intake and the public notice, whose length the rules set."),
           _of(lambda progress: progress.timed)),
    Figure("decisions_in_time", _("Decisions in time"), Unit.TIMES,
           _("Of these, those within the working days of the step; the last day of the deadline is in time."),
           _of(lambda progress: progress.in_time)),
    Figure("deadlines_kept", _("Deadlines kept"), Unit.PERCENT,
           _("Decisions in time in percent of the decisions with a deadline."),
           _of(lambda progress: share_percent(progress.in_time, progress.timed))),
    Figure("quota_total", _("Quota of the townships"), Unit.YUAN,
           _("What the townships may file under the versions in the years of the selection."), _quota("total")),
    Figure("quota_used", _("Quota used"), Unit.YUAN,
           _("What cases filed hold of it now; a case that ends without a loan gives it back."), _quota("used")),
    Figure("quota_left", _("Quota left"), Unit.YUAN, _("The quota less what is used of it now."), _quota_left),
)  # fmt: skip
