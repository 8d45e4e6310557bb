"""What happens around a loan after paying out: visits with findings and photos, and what was done to collect."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from files.models import Attachment
from loans.choices import BusinessCondition, CollectionKind, Reached, RepaymentOutlook, UseOfFunds, VisitSide
from loans.models.lending import Loan
from organizations.models import Organization

TEXT_LENGTH_MAX = 1000


class VisitQuerySet(models.QuerySet["Visit"]):
    def effective(self) -> "VisitQuerySet":
        """The visits that count: not those that a later row corrects."""
        return self.filter(corrected_by=None)


class Visit(models.Model):
    """A visit by the branch or the lender (贷后走访). Append-only: a correction is a new row that names the old."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="visits")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    side = models.CharField(_("visited by"), max_length=6, choices=VisitSide.choices)
    visited_on = models.DateField(_("day of the visit"))
    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The person behind the account then, and the office the post was held on.
    person_key = models.CharField(max_length=30)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    use_of_funds = models.CharField(_("use of the money"), max_length=10, choices=UseOfFunds.choices)
    business = models.CharField(_("business"), max_length=8, choices=BusinessCondition.choices)
    outlook = models.CharField(_("repayment outlook"), max_length=8, choices=RepaymentOutlook.choices)
    findings = models.TextField(_("findings"), max_length=TEXT_LENGTH_MAX, blank=True)
    photos = models.ManyToManyField(Attachment, through="VisitPhoto", related_name="+")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    recorded_at = models.DateTimeField()

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit after lending")
        constraints = [
            models.CheckConstraint(
                name="visit_says_what_is_wrong",
                condition=Q(use_of_funds="as_agreed", business__in=["good", "fair"], outlook="sure") | ~Q(findings=""),
            ),
        ]
        indexes = [models.Index(fields=["loan", "side", "-visited_on"], name="visits_of_loan")]

    def __str__(self) -> str:
        return f"{self.loan} {self.visited_on}"

    @property
    def is_misuse(self) -> bool:
        """Whether the money was found used for something else, wholly or in part."""
        return self.use_of_funds != UseOfFunds.AS_AGREED


class VisitPhoto(models.Model):
    """A photo taken at a visit, in the order of the page. Only a correction shows a photo of another row."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="shots")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="visit_photos")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["visit", "position"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "position"], name="photo_has_its_place"),
            models.UniqueConstraint(fields=["visit", "attachment"], name="photo_is_shown_once"),
        ]

    def __str__(self) -> str:
        return f"{self.visit} {self.position}"


class CollectionAct(models.Model):
    """One thing done to collect a loan (催收), with what was promised. Append-only."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="collection_acts")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=CollectionKind.choices)
    done_on = models.DateField(_("day"))
    reached = models.CharField(_("reached"), max_length=8, choices=Reached.choices)
    promise_date = models.DateField(_("promised by"), null=True, blank=True)
    promise_amount = models.DecimalField(_("promised (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # The demand as served, the receipt, the court's letter.
    paper = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("collection step")
        constraints = [
            models.CheckConstraint(
                name="promise_has_day_and_amount",
                condition=Q(promise_date=None, promise_amount=None)
                | Q(promise_date__gte=F("done_on"), promise_amount__gt=0),
            ),
            models.CheckConstraint(
                name="nobody_promises_nothing", condition=~Q(reached="nobody") | Q(promise_date=None)
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["loan", "done_on"], name="collection_of_loan")]

    def __str__(self) -> str:
        return f"{self.loan} {self.get_kind_display()} {self.done_on}"
