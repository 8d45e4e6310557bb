"""An application and the history of its decisions."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from loans.choices import BorrowerKind, CreditStatus, HelpedKind, Outcome, Purpose, RepaymentMethod, StepCode
from loans.models.benefits import BorrowerBenefit, PinnedBenefits
from loans.models.programmes import LimitTier, ProgrammeVersion, Quota, SubsidyBudget
from organizations.models import Division, Entity, Household, Organization, PartyMember, Person
from organizations.scope import Place, Scope
from workflow.choices import CaseState
from workflow.engine import END_STATES, Position, State
from workflow.models import Decision

if TYPE_CHECKING:
    from loans.models.lending import Loan


class ApplicationQuerySet(models.QuerySet["Application"]):
    def for_scope(self, scope: Scope) -> "ApplicationQuerySet":
        return self.filter(scope.rows())

    def waiting_at(self, *steps: str) -> "ApplicationQuerySet":
        """The cases that wait for a decision at these steps (a returned case waits at its first step)."""
        return self.filter(step__in=steps, state__in=[State.OPEN, State.RETURNED])

    def with_benefit_mark(self) -> "ApplicationQuerySet":
        """Add `may_have_benefits`: without it nobody need ask what the borrower was granted."""
        granted = BorrowerBenefit.objects.filter(
            Q(household=OuterRef("household"), entity=None) | Q(entity=OuterRef("entity")), ended_on=None
        )
        return self.annotate(may_have_benefits=Exists(granted))

    def by_deadline(self) -> "ApplicationQuerySet":
        return self.order_by("due_date", "pk")


class Application(PinnedBenefits):
    """One household's or body's request for one loan, from the first draft to the last assessment.

    `step`, `state` and `round` are the engine's position. `revision` grows with every write: a page that shows an old
    one cannot overwrite a new one. `sequence` counts the decisions: two people cannot both write the next.
    """

    number = models.CharField(_("number"), max_length=30, unique=True, db_collation="C")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="applications")

    borrower_kind = models.CharField(_("borrower"), max_length=12, choices=BorrowerKind.choices)
    # Who signs: the borrower himself, the head, the representative, or the member in whose name a collective borrows.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="applications", verbose_name=_("applicant")
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="applications")
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, null=True, blank=True, related_name="applications")
    tier = models.ForeignKey(LimitTier, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("class"))

    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="applications", verbose_name=_("village")
    )
    branch = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"))
    outlet = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("outlet"))
    # What scopes ask for. A move of the branch rewrites them for open cases in the same transaction.
    branch_path = models.CharField(max_length=255, db_collation="C")
    division_path = models.CharField(max_length=12, db_collation="C")
    outlet_path = models.CharField(max_length=255, db_collation="C")

    amount_asked = models.DecimalField(
        _("amount asked (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    term_months = models.PositiveSmallIntegerField(_("term (months)"), null=True, blank=True)
    repayment_method = models.CharField(_("repayment"), max_length=30, choices=RepaymentMethod.choices, blank=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices, blank=True)
    project_name = models.CharField(_("project"), max_length=60, blank=True)
    plan = models.TextField(_("business plan"), max_length=2000, blank=True)
    project_total = models.DecimalField(
        _("total investment (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    own_funds = models.DecimalField(_("own funds (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    annual_income = models.DecimalField(
        _("household income a year (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    existing_loans = models.DecimalField(
        _("other loans owed (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    consent_signed_on = models.DateField(_("consents signed on"), null=True, blank=True)
    project_scale = models.CharField(_("scale of the project"), max_length=60, blank=True)
    labour_count = models.PositiveSmallIntegerField(_("people able to work"), null=True, blank=True)
    # An accident insurance is the borrower's own choice: no rule may ask for it.
    wants_insurance = models.BooleanField(_("wants an accident insurance"), default=False)

    step = models.CharField(max_length=30, choices=StepCode.choices, default=StepCode.INTAKE)
    state = models.CharField(max_length=12, choices=CaseState.choices, default=CaseState.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    sequence = models.PositiveSmallIntegerField(default=0)
    due_date = models.DateField(_("deadline"), null=True, blank=True)
    state_since = models.DateField(_("since"))

    introducer = models.ForeignKey(
        PartyMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("introducer"),
    )
    filing_number = models.CharField(_("filing number"), max_length=40, blank=True, db_collation="C")
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, null=True, blank=True, related_name="applications")
    quota_amount = models.DecimalField(_("quota taken (yuan)"), max_digits=14, decimal_places=2, default=0)
    budget = models.ForeignKey(
        SubsidyBudget, on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    subsidy_reserved = models.DecimalField(_("subsidy reserved (yuan)"), max_digits=14, decimal_places=2, default=0)
    credit_status = models.CharField(max_length=8, choices=CreditStatus.choices, blank=True)
    amount_granted = models.DecimalField(
        _("amount granted (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    term_granted = models.PositiveSmallIntegerField(_("term granted (months)"), null=True, blank=True)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("registered at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)

    loan: "Loan"
    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        constraints = [
            models.CheckConstraint(
                name="application_asks_for_something",
                condition=Q(amount_asked=None) | Q(amount_asked__gt=0),
                violation_error_message=_("The amount must be above zero."),
            ),
            models.CheckConstraint(
                name="submitted_application_is_complete",
                condition=Q(state__in=["draft", "withdrawn"])
                | (
                    Q(
                        tier__isnull=False,
                        amount_asked__isnull=False,
                        term_months__isnull=False,
                        project_total__isnull=False,
                        own_funds__isnull=False,
                        annual_income__isnull=False,
                        existing_loans__isnull=False,
                        consent_signed_on__isnull=False,
                        submitted_at__isnull=False,
                    )
                    & ~Q(purpose="")
                    & ~Q(repayment_method="")
                    & ~Q(project_name="")
                    & ~Q(plan="")
                ),
                violation_error_message=_("The application is not complete."),
            ),
            # A case that waits for its assessment has its loan behind it: a new one may begin.
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(entity=None, state__in=["draft", "open", "returned"]) & ~Q(step="assessment"),
                name="person_has_one_case_under_way",
                violation_error_message=_("This applicant already has an application under way."),
            ),
            models.CheckConstraint(
                name="never_granted_more_than_asked",
                condition=Q(amount_granted=None) | Q(amount_granted__lte=F("amount_asked")),
                violation_error_message=_("More was granted than was asked for."),
            ),
            models.CheckConstraint(
                name="purpose_is_not_consumption",
                condition=~Q(purpose="consumption"),
                violation_error_message=_("The programme does not lend for consumption."),
            ),
            models.CheckConstraint(
                name="body_borrows_through_its_entity",
                condition=~Q(borrower_kind__in=["cooperative", "collective"]) | Q(entity__isnull=False),
            ),
            models.CheckConstraint(
                name="quota_is_taken_from_a_quota", condition=Q(quota_amount=0) | Q(quota__isnull=False)
            ),
            models.CheckConstraint(
                name="subsidy_is_reserved_in_a_budget", condition=Q(subsidy_reserved=0) | Q(budget__isnull=False)
            ),
        ]
        indexes = [
            # The queues: only what waits, per office, in the order of the deadline (priority first).
            models.Index(
                fields=["step", "branch_path", "queue_date", "id"], name="queue_by_branch",
                condition=Q(state__in=["open", "returned"]),
            ),
            models.Index(
                fields=["step", "division_path", "queue_date", "id"], name="queue_by_division",
                condition=Q(state__in=["open", "returned"]),
            ),
            models.Index(
                fields=["step", "outlet_path", "queue_date", "id"], name="queue_by_outlet",
                condition=Q(state__in=["open", "returned"]),
            ),
            models.Index(fields=["branch_path", "-created_at"], name="cases_by_branch"),
            models.Index(fields=["division_path", "-created_at"], name="cases_by_division"),
            models.Index(fields=["outlet_path", "-created_at"], name="cases_by_outlet"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def borrower_name(self) -> str:
        return self.entity.name if self.entity else self.person.name

    @property
    def is_nominal(self) -> bool:
        """The person borrows in his name for the collective, which uses the loan and repays it."""
        return self.borrower_kind == BorrowerKind.COLLECTIVE

    @property
    def place(self) -> Place:
        return Place(branch_path=self.branch_path, division_path=self.division_path, outlet_path=self.outlet_path)

    @property
    def position(self) -> Position:
        return Position(step=self.step, state=State(self.state), round=self.round)

    @property
    def is_ended(self) -> bool:
        return self.state in END_STATES

    @property
    def is_waiting(self) -> bool:
        return self.state in (State.OPEN, State.RETURNED)

    @property
    def is_with_applicant(self) -> bool:
        """Returned to the applicant for correction: the clock of the office stands still meanwhile."""
        return self.step == StepCode.INTAKE and self.state == State.RETURNED

    @property
    def is_editable(self) -> bool:
        """The clerk may still change what the applicant said: a draft, or a case returned to him."""
        return self.step == StepCode.INTAKE and self.state in (State.DRAFT, State.OPEN, State.RETURNED)

    @property
    def amount(self) -> object:
        """What the case stands for now: granted once the lender has decided, asked before."""
        return self.amount_granted if self.amount_granted is not None else self.amount_asked


class ServedUnit(models.Model):
    """A household or collective that a loan serves (户): one loan may serve several."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="served_units")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="served_unit_is_a_household_or_a_body",
                condition=Q(household__isnull=True, entity__isnull=False)
                | Q(household__isnull=False, entity__isnull=True),
            ),
            models.UniqueConstraint(fields=["application", "household"], name="household_is_served_once_by_a_case"),
            models.UniqueConstraint(fields=["application", "entity"], name="body_is_served_once_by_a_case"),
        ]

    def __str__(self) -> str:
        return str(self.household or self.entity)


class HelpCommitment(models.Model):
    """A person whom the borrower promises to help: named, because the class of the limit depends on it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="commitments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=24, choices=HelpedKind.choices)
    # The promise counts for the class of a case under way or a live loan (steps/help.py keeps it).
    is_live = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="person_is_helped_once_by_a_case"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_live=True), name="person_is_helped_by_one_case_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_kind_display()})"


class ApplicationDecision(Decision):
    """One decision on one application. `sequence` makes two deciders at once impossible in the table itself."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    side = models.CharField(max_length=12)
    # What the case held before, of a decision that its maker may take back for a few minutes.
    before = models.JSONField(default=dict)
    recalls = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="recalled_by")

    class Meta(Decision.Meta):
        constraints = [
            *Decision.Meta.constraints,
            models.UniqueConstraint(fields=["application", "sequence"], name="decisions_follow_one_another"),
            models.CheckConstraint(
                name="recall_names_what_it_takes_back",
                condition=Q(outcome="recall", recalls__isnull=False) | (~Q(outcome="recall") & Q(recalls=None)),
            ),
        ]
        indexes = [models.Index(fields=["decided_by", "-decided_at"], name="decisions_of_account")]

    def get_outcome_display(self) -> str:
        return str(Outcome(self.outcome).label)

    def get_step_display(self) -> str:
        return str(StepCode(self.step).label)
