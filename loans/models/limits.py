"""How far a version lets a household or body borrow in all: rules beside the classes of limits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BorrowingLimits(models.Model):
    """What all loans of a household or body together may come to, and what else is weighed before lending."""

    # Loans outstanding and cases under way of all members, across programmes; empty: no limit.
    household_exposure_max = models.DecimalField(
        _("one household borrows up to (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    body_exposure_max = models.DecimalField(
        _("one cooperative or collective borrows up to (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    # A collective borrows in a member's name: whether its loan counts for his own household, too.
    nominal_borrower_is_exposed = models.BooleanField(
        _("a collective's loan counts for the household of the nominal borrower"), default=False
    )
    # Debts with the loan asked for, in years of income; above it a written reason is needed. Empty: not looked at.
    debts_to_income_max = models.DecimalField(
        _("debts usually up to (times a year's income)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    help_lapse_months = models.PositiveSmallIntegerField(
        _("a lapsed promise of help counts against the household for (months)"), default=24
    )

    class Meta:
        abstract = True
