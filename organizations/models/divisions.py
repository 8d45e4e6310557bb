"""The administrative tree, by 12-digit statistical code."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.choices import DivisionLevel, VillageKind
from organizations.rules import division_path
from organizations.scope import Place


class DivisionQuerySet(models.QuerySet["Division"]):
    def in_official_order(self) -> "DivisionQuerySet":
        """Townships and villages are listed by code (towns first), never by name."""
        return self.order_by("code")

    def below(self, division: "Division") -> "DivisionQuerySet":
        return self.filter(path__startswith=division.path)

    def in_force(self, on: date) -> "DivisionQuerySet":
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on))


class Division(models.Model):  # type: ignore[django-manager-missing]  # treebeard's manager has no types
    """A province, prefecture, county, township or village. Codes change when units merge: keep dates and successor."""

    code = models.CharField(_("code"), max_length=12, unique=True, db_collation="C")
    # The significant digits of the code: everything below a division starts with its path.
    path = models.CharField(max_length=12, db_collation="C", editable=False, db_index=True)
    name = models.CharField(_("name"), max_length=60)
    short_name = models.CharField(_("short name"), max_length=60)
    level = models.CharField(_("level"), max_length=12, choices=DivisionLevel.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=VillageKind.choices, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("division")
        constraints = [
            models.CheckConstraint(
                name="division_code_has_twelve_digits",
                condition=Q(code__regex=r"^\d{12}$"),
                violation_error_message=_("A division code has twelve digits."),
            ),
            models.CheckConstraint(
                name="division_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        """Where a matter of the division as a whole lies: only offices that cover it reach it."""
        return Place(branch_path="", division_path=self.path, outlet_path="")

    @property
    def place_name(self) -> str:
        """The short name behind that of the division above: 羊岑乡 中羊村. Select `parent` along."""
        return f"{self.parent.short_name} {self.short_name}" if self.parent else self.short_name

    def save(self, *args: object, **kwargs: object) -> None:
        self.path = division_path(self.code)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
