"""Figures of what the offices do beside lending: honours, publicity, the fund's deposits, the rules of rewards."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from assessments.choices_households import HonourTitle
from assessments.models import HouseholdHonour, PublicityEvent
from assessments.queries.publicity import totals_of
from dashboards.choices import Unit
from dashboards.figures.figure import Compute, Figure
from dashboards.figures.selection import Selection
from risk.choices import ContributorKind, TransferKind
from risk.models import FundTransfer


def _honours(title: str) -> Compute:
    def compute(selection: Selection) -> int:
        held = HouseholdHonour.objects.held_on(selection.as_of).filter(selection.places("division_path"), title=title)
        return (held.filter(awarded_on__gte=selection.since) if selection.since else held).count()

    return compute


def _publicity(name: str) -> Compute:
    def compute(selection: Selection) -> int:
        events = PublicityEvent.objects.filter(
            selection.places("division__path"), held_on__range=(selection.since or date.min, selection.as_of)
        )
        return int(getattr(totals_of(events), name))

    return compute


def _government_deposits(selection: Selection) -> Decimal | None:
    deposits = FundTransfer.objects.filter(
        selection.registers.divisions("fund__division__path"),
        contributor__kind=ContributorKind.GOVERNMENT,
        kind__in=(TransferKind.DEPOSIT, TransferKind.TOP_UP),
        value_date__lte=selection.as_of,
    )
    total: Decimal | None = deposits.aggregate(total=Sum("amount"))["total"]
    return total


FIGURES = (
    Figure(
        "party_model_households", _("Party-member model households"), Unit.HOUSEHOLD,
        _("Titles that stand at the end of the day; with a first day those awarded since."),
        _honours(HonourTitle.PARTY),
    ),
    Figure(
        "model_households", _("Other model households"), Unit.HOUSEHOLD,
        _("Titles that stand at the end of the day; with a first day those awarded since."),
        _honours(HonourTitle.MODEL),
    ),
    Figure(
        "copies_handed_out", _("Copies of publicity material handed out"), Unit.COPY,
        _("Brochures and leaflets of the publicity log up to and with the day; what was struck out does not count."),
        _publicity("copies"),
    ),
    Figure(
        "publicity_attendance", _("People reached by publicity"), Unit.PERSON,
        _("Attendance of the publicity log up to and with the day; who came twice is counted twice."),
        _publicity("attendance"),
    ),
    Figure(
        "fund_from_government", _("Paid into the fund by the government"), Unit.YUAN,
        _("Deposits and top-ups of the government up to and with the day; recoveries are none."),
        _government_deposits,
    ),
)  # fmt: skip
