"""What others printed about the county, as it was printed, and what the office says about the differences."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from dashboards.choices import Band, Use
from organizations.models import Division
from organizations.scope import Scope

CODE_LENGTH, COUNTY_DIGITS = 60, 6


class PublicationQuerySet(models.QuerySet["Publication"]):
    def for_scope(self, scope: Scope) -> "PublicationQuerySet":
        """Also for those below the county: what was printed about it is no secret to its townships."""
        county_above = Q(division__path__in=[path[:COUNTY_DIGITS] for path in scope.division_paths])
        return self.filter(scope.divisions("division__path") | county_above)


class Publication(models.Model):
    """A report, a newspaper or a page that printed figures of a county."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="publications")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    publisher = models.CharField(_("publisher"), max_length=80)
    published_on = models.DateField(_("published on"))
    data_as_of = models.DateField(_("figures up to"))
    source = models.CharField(_("where it can be read"), max_length=300, blank=True)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("printed matter", "publication")
        constraints = [
            models.CheckConstraint(
                name="figures_are_older_than_their_publication",
                condition=Q(data_as_of__lte=models.F("published_on")),
                violation_error_message=_("The figures cannot be newer than the publication."),
            )
        ]
        indexes = [models.Index(fields=["division", "-published_on"], name="publications_newest_first")]

    def __str__(self) -> str:
        return self.title


class PrintedFigure(models.Model):
    """A figure as it was printed. `code` names the figure of this house, and the other fields narrow it.

    Without a code `reason` says why nothing here can be compared. It is never changed: a slip of the pen is withdrawn
    and entered again.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="figures")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField(_("name in print"), max_length=120)
    printed = models.DecimalField(pgettext_lazy("figure", "printed"), max_digits=20, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=20)  # one of Unit
    is_at_least = models.BooleanField(_("printed as “more than”"), default=False)
    code = models.CharField(_("figure of this system"), max_length=CODE_LENGTH, blank=True)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    use = models.CharField(_("use of the loan"), max_length=20, choices=Use.choices, blank=True)
    band = models.CharField(_("size of the loan"), max_length=20, choices=Band.choices, blank=True)
    reason = models.CharField(_("why it cannot be compared"), max_length=300, blank=True)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("printed figure")
        ordering = ["publication", "pk"]
        constraints = [
            models.CheckConstraint(
                name="printed_figure_is_comparable_or_says_why_not",
                condition=Q(reason="") & ~Q(code="") | Q(code="") & ~Q(reason=""),
                violation_error_message=_("Please choose a figure to compare with, or say why there is none."),
            ),
            models.CheckConstraint(
                name="printed_figure_speaks_of_a_time_forwards",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=models.F("since")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="printed_figure_is_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class FigureExplanation(models.Model):
    """Why a printed figure and ours differ, written once. It explains the difference as it was then, no other."""

    figure = models.ForeignKey(PrintedFigure, on_delete=models.PROTECT, related_name="explanations")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recomputed = models.DecimalField(pgettext_lazy("figure", "recomputed"), max_digits=20, decimal_places=4)
    text = models.CharField(_("explanation"), max_length=300)
    explained_at = models.DateTimeField(_("explained at"))
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("explanation of a difference")
        ordering = ["figure", "pk"]

    def __str__(self) -> str:
        return self.text
