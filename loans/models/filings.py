"""What the township committee files together (备案): one number, one list of cases, what papers it looked at."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from loans.models.applications import Application
from loans.models.programmes import ProgrammeVersion
from organizations.models import Division, Organization


class CommitteeFiling(models.Model):
    """One filing of a township committee. A case that is filed alone is a filing of one.

    Filing is not an approval: the committee looks whether the papers are there. A case that came back later keeps its
    row in `items`, so that the list can be read as it was filed; with another `filing_number` it counts no more.
    """

    number = models.CharField(_("filing number"), max_length=40, unique=True, db_collation="C")
    # Requests for the same list find it by this id: sent twice, it is one list.
    request_id = models.UUIDField(null=True, unique=True, editable=False)
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("township"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("filed by (committee)")
    )
    received_on = models.DateField(_("papers received on"))
    filed_on = models.DateField(pgettext_lazy("filing", "filed on"))
    has_resolution = models.BooleanField(_("branch resolution"), default=False)
    has_notice = models.BooleanField(_("record of the public notice"), default=False)
    has_letter = models.BooleanField(_("letter of recommendation"), default=False)
    has_photos = models.BooleanField(_("photos of the notice"), default=False)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(_("filed at"))

    class Meta:
        verbose_name = _("filing")
        constraints = [
            models.CheckConstraint(
                name="filing_receives_before_it_files", condition=Q(received_on__lte=models.F("filed_on"))
            ),
        ]
        indexes = [models.Index(fields=["township", "-filed_on", "-id"], name="filings_of_township")]

    def __str__(self) -> str:
        return self.number


class FilingItem(models.Model):
    """A case in a filing, with the amount (yuan) it took from the quota. Written once."""

    filing = models.ForeignKey(CommitteeFiling, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="filing_items")
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("case of a filing")
        constraints = [
            models.UniqueConstraint(fields=["filing", "application"], name="case_is_in_a_filing_once"),
            models.CheckConstraint(name="filed_case_asks_for_something", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.filing} {self.application}"
