"""Papers that were handed out with a code which anybody can check, and the running numbers some of them carry."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from loans.choices import PaperKind
from loans.models.applications import Application, ApplicationDecision

SUBJECT_LENGTH_MAX = 100


class IssuedPaper(models.Model):
    """A paper as it was made, with the little that its public page says. Append-only: other content is a new row.

    `subject` is what the paper is about ("case:12", "meeting:3"). Of a kind and subject the row with the highest
    `sequence` is in force. `digest` is of the code: the code itself stands only on the paper and is worked out again
    whenever the same paper is printed. `facts` are masked already.
    """

    kind = models.CharField(_("kind"), max_length=30, choices=PaperKind.choices)
    subject = models.CharField(max_length=SUBJECT_LENGTH_MAX)
    sequence = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, db_collation="C")
    number = models.CharField(_("number"), max_length=60)
    facts = models.JSONField(default=dict)
    # The case, and the decision the paper rests on: once that is undone, the paper is void.
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="issued_papers"
    )
    decision = models.ForeignKey(
        ApplicationDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="issued_papers"
    )
    issued_on = models.DateField(_("issued on"))
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("issued paper")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "sequence"], name="papers_of_a_subject_follow_one_another"
            ),
        ]
        indexes = [models.Index(fields=["digest", "-sequence"], name="papers_by_code")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class PaperNumber(models.Model):
    """The number under which an office sends out its paper on a subject (文号). Given once and never again."""

    kind = models.CharField(max_length=30, choices=PaperKind.choices)
    subject = models.CharField(max_length=SUBJECT_LENGTH_MAX)
    series = models.CharField(max_length=60, db_collation="C")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="paper_has_one_number"),
            models.UniqueConstraint(fields=["series", "year", "serial"], name="number_of_a_paper_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"〔{self.year}〕第{self.serial:03d}号"
