"""Model households (示范户): the scheme of the honour, a household's way to the title, and its yearly review."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from assessments.choices_households import HonourObjectionState, HonourOutcome, HonourState, HonourTitle
from loans.choices import Purpose
from organizations.models import Division, Household, Organization, Person
from organizations.scope import Place, Scope
from workflow.models import Decision


class AwardSchemeQuerySet(models.QuerySet["AwardScheme"]):
    def for_scope(self, scope: Scope) -> "AwardSchemeQuerySet":
        return self.filter(scope.divisions("division__path"))


class AwardScheme(models.Model):
    """The rules of the honour from a day on, with the document that sets them. Written once; a new day, a new row."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="award_schemes")
    name = models.CharField(_("name"), max_length=80)
    document_number = models.CharField(_("document number"), max_length=60)
    effective_from = models.DateField(_("in force from"))
    notice_days = models.PositiveSmallIntegerField(_("days of notice"))
    review_months = models.PositiveSmallIntegerField(_("reviewed again after (months)"))
    # Projects that the government supports; a household with another one is not honoured.
    supported_purposes = ArrayField(
        models.CharField(max_length=20, choices=Purpose.choices), verbose_name=_("supported industries")
    )
    gives_priority = models.BooleanField(_("priority in the queues"), default=True)
    limit_uplift = models.DecimalField(_("above the class (yuan)"), max_digits=14, decimal_places=2, default=0)
    rate_points_off = models.DecimalField(_("percentage points off"), max_digits=7, decimal_places=4, default=0)
    rate_floor_multiplier = models.DecimalField(
        _("never below (times the benchmark)"), max_digits=6, decimal_places=4, default=1
    )
    is_example = models.BooleanField(_("figures are examples"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = AwardSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("award scheme")
        constraints = [
            models.UniqueConstraint(fields=["division", "effective_from"], name="one_award_scheme_begins_on_a_day"),
            models.CheckConstraint(
                name="award_scheme_has_sound_figures",
                condition=Q(
                    notice_days__gt=0, review_months__gt=0, limit_uplift__gte=0, rate_points_off__gte=0,
                    rate_floor_multiplier__gt=0,
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} {self.document_number}"

    @property
    def industries(self) -> str:
        """The supported industries in words."""
        return "、".join(str(Purpose(code).label) for code in self.supported_purposes)


class HouseholdHonourQuerySet(models.QuerySet["HouseholdHonour"]):
    def for_scope(self, scope: Scope) -> "HouseholdHonourQuerySet":
        return self.filter(scope.rows())

    def held_on(self, on: date) -> "HouseholdHonourQuerySet":
        """The titles that stood at the end of a day."""
        return self.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on), awarded_on__lte=on)


class HouseholdHonour(models.Model):
    """One household's way to one title of one year. `revision` grows with every write, `sequence` with decisions."""

    number = models.CharField(_("number"), max_length=40, unique=True, db_collation="C")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scheme = models.ForeignKey(AwardScheme, on_delete=models.PROTECT, related_name="honours")
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(pgettext_lazy("honour", "title"), max_length=8, choices=HonourTitle.choices)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="honours")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="honours", verbose_name=_("borrower"))
    purpose = models.CharField(_("industry"), max_length=20, choices=Purpose.choices)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="honours", verbose_name=_("village"))
    branch = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"))
    outlet = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("outlet"))
    branch_path = models.CharField(max_length=255, db_collation="C")
    division_path = models.CharField(max_length=12, db_collation="C")
    outlet_path = models.CharField(max_length=255, db_collation="C")
    state = models.CharField(max_length=10, choices=HonourState.choices, default=HonourState.TO_RATE)
    round = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    sequence = models.PositiveSmallIntegerField(default=0)
    notice_from = models.DateField(_("notice from"), null=True, blank=True)
    notice_to = models.DateField(_("notice to"), null=True, blank=True)
    award_number = models.CharField(_("certificate number"), max_length=40, blank=True, db_collation="C")
    awarded_on = models.DateField(_("awarded on"), null=True, blank=True)
    review_due = models.DateField(_("to be reviewed by"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = HouseholdHonourQuerySet.as_manager()

    class Meta:
        verbose_name = _("model household")
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=~Q(state__in=["refused", "withdrawn"]), name="household_has_one_honour"
            ),
            models.UniqueConstraint(
                fields=["award_number"], condition=~Q(award_number=""), name="certificate_number_is_given_once"
            ),
            models.CheckConstraint(
                name="awarded_honour_is_complete",
                condition=~Q(state__in=["awarded", "withdrawn"])
                | (Q(awarded_on__isnull=False, review_due__isnull=False) & ~Q(award_number="")),
            ),
            models.CheckConstraint(
                name="withdrawn_honour_has_its_day",
                condition=Q(state="withdrawn", withdrawn_on__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_on=None)),
            ),
            models.CheckConstraint(
                name="honour_notice_ends_after_it_begins",
                condition=Q(notice_from=None, notice_to=None) | Q(notice_to__gte=F("notice_from")),
            ),
        ]
        indexes = [models.Index(fields=["state", "review_due"], name="honours_by_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def place(self) -> Place:
        return Place(branch_path=self.branch_path, division_path=self.division_path, outlet_path=self.outlet_path)


class HonourDecision(Decision):
    """One decision on one honour; `facts` keep what was rated and granted."""

    honour = models.ForeignKey(HouseholdHonour, on_delete=models.PROTECT, related_name="decisions")
    side = models.CharField(max_length=12)

    class Meta(Decision.Meta):
        constraints = [
            *Decision.Meta.constraints,
            models.UniqueConstraint(fields=["honour", "sequence"], name="honour_decisions_follow_one_another"),
        ]

    def get_outcome_display(self) -> str:
        return str(HonourOutcome(self.outcome).label)

    def get_step_display(self) -> str:
        return str(HonourState(self.step).label)


class HonourObjection(models.Model):
    """An objection during the notice: it blocks the award until settled. Only its settlement is written later."""

    honour = models.ForeignKey(HouseholdHonour, on_delete=models.PROTECT, related_name="objections")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Who objects may stay unnamed; the record says how it came in.
    raised_by = models.CharField(_("raised by"), max_length=60, blank=True)
    text = models.TextField(_("objection"), max_length=1000)
    received_on = models.DateField(_("received on"))
    state = models.CharField(max_length=10, choices=HonourObjectionState.choices, default=HonourObjectionState.OPEN)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    finding = models.CharField(_("finding"), max_length=500, blank=True)

    class Meta:
        ordering = ["honour", "pk"]
        constraints = [
            models.CheckConstraint(
                name="settled_honour_objection_says_who_and_why",
                condition=Q(state="open", settled_by=None, settled_at=None, finding="")
                | (
                    Q(state__in=["upheld", "dismissed"], settled_by__isnull=False, settled_at__isnull=False)
                    & ~Q(finding="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.honour} {self.received_on}"
