"""Party organizations, government departments and the credit union: one model, one forest."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from organizations.choices import BRANCH_KINDS, REVIEWING_KINDS, OrganizationKind
from organizations.models.divisions import Division


class OrganizationQuerySet(MP_NodeQuerySet):
    def in_force(self, on: date) -> "OrganizationQuerySet":
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on))

    def of_kind(self, *kinds: str) -> "OrganizationQuerySet":
        return self.filter(kind__in=kinds)

    def branches(self) -> "OrganizationQuerySet":
        return self.filter(kind__in=BRANCH_KINDS)

    def reviewing(self) -> "OrganizationQuerySet":
        """The organizations whose meeting may decide on a referral: branches and general branches."""
        return self.filter(kind__in=REVIEWING_KINDS)

    def below(self, organization: "Organization") -> "OrganizationQuerySet":
        """The organization itself and everything under it."""
        return self.filter(path__startswith=organization.path)


class OrganizationManager(MP_NodeManager.from_queryset(OrganizationQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> OrganizationQuerySet:
        """Return the tree in its own order: treebeard's manager names its own queryset class."""
        return OrganizationQuerySet(self.model, using=self._db).order_by("path")


class Organization(MP_Node):
    """An office that can act. What a post on it allows is told by the permissions below, granted per organization."""

    kind = models.CharField(_("kind"), max_length=40, choices=OrganizationKind.choices)
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40)
    code = models.CharField(_("code"), max_length=30, unique=True, db_collation="C")
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="organizations", verbose_name=_("division")
    )
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    node_order_by: list[str] = []
    objects = OrganizationManager()

    class Meta:
        verbose_name = _("organization")
        permissions = [
            ("refer", "Register applications and referrals"),
            ("review", "Review for the branch and publish notices"),
            ("file", "File for the township committee and settle objections"),
            ("confirm_subsidy", "Confirm interest subsidies"),
            ("disburse", "Decide on and pay out loans"),
            ("consent", "Consent to large loans"),
            ("assess", "Assess closed loans"),
            ("approve_payment", "Approve subsidy payments"),
            ("manage_fund", "Keep the risk fund and its claims"),
            ("approve_claim", "Approve claims and lift lending stops"),
            ("view_cases", "See cases"),
            ("view_figures", "See figures"),
            ("manage_programmes", "Set quotas and budgets"),
            ("manage_organizations", "Keep the tree of organizations and the registers"),
            ("manage_accounts", "Open and close accounts"),
            ("appoint", "Appoint and dismiss"),
            ("view_audit", "Read the audit trail"),
        ]
        constraints = [
            models.CheckConstraint(
                name="organization_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]
        indexes = [models.Index(fields=["kind", "division"], name="organization_by_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_branch(self) -> bool:
        """Members belong to branches only, never to a committee or a general branch."""
        return self.kind in BRANCH_KINDS

    @property
    def may_review(self) -> bool:
        return self.kind in REVIEWING_KINDS


class OrganizationPlacement(models.Model):
    """Where an organization sat, from when to when: a move ends one row and begins the next."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(valid_to=None), name="organization_has_one_place_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} < {self.parent} {self.valid_from}"


class ServiceArea(models.Model):
    """Which villages or townships an outlet serves. Outlets are not townships: people borrow where it suits them."""

    outlet = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="service_areas")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="serving_outlets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outlet", "division"], name="outlet_serves_a_division_once")]

    def __str__(self) -> str:
        return f"{self.outlet} → {self.division}"
