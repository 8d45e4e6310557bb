"""What is written down about whether a case is eligible: reasons for soft rules, the help that borrowers promise."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loans.choices import HelpedKind, HelpVerdict
from loans.models.applications import Application
from organizations.models import Organization, Person

REASON_LENGTH_MAX = 300


class RuleReason(models.Model):
    """Why a case goes on although a soft rule speaks against it. Append-only: the newest for a rule counts."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="rule_reasons")
    rule = models.CharField(_("rule"), max_length=40)
    # The sentence of the rule as it stood when the reason was written, with its numbers.
    finding = models.CharField(_("finding"), max_length=REASON_LENGTH_MAX)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH_MAX)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="rule_reason_says_something", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["application", "-id"], name="rule_reasons_of_case")]

    def __str__(self) -> str:
        return f"{self.application} {self.rule}"


class HelpVerification(models.Model):
    """What the branch found about a person whom a borrower promises to help. Append-only: the newest counts."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="help_verifications")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=24, choices=HelpedKind.choices)
    verdict = models.CharField(_("verdict"), max_length=10, choices=HelpVerdict.choices)
    note = models.CharField(_("note"), max_length=REASON_LENGTH_MAX, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person_key = models.CharField(max_length=30)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="refuted_help_says_what_was_found", condition=Q(verdict="confirmed") | ~Q(note="")
            )
        ]
        indexes = [models.Index(fields=["application", "-id"], name="help_verified_of_case")]

    def __str__(self) -> str:
        return f"{self.application} {self.person} {self.verdict}"


class HelpLapse(models.Model):
    """A promise of help that was not kept (未落实): it counts against the household's next request. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="help_lapses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=24, choices=HelpedKind.choices)
    lapsed_on = models.DateField(_("not kept since"))
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH_MAX)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person_key = models.CharField(max_length=30)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="help_lapses_once"),
            models.CheckConstraint(name="help_lapse_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.person}"
