from django.db import models
from django.utils.translation import gettext_lazy as _


class BenchmarkRate(models.Model):
    """One row of an announced table of benchmark rates: data, so that an office can enter the next announcement."""

    series = models.CharField(_("series"), max_length=10, db_collation="C")
    effective_date = models.DateField(_("in force from"))
    term_gt_months = models.PositiveSmallIntegerField(_("terms above (months)"))
    term_le_months = models.PositiveSmallIntegerField(_("up to and with (months)"), null=True, blank=True)
    rate_percent = models.DecimalField(_("rate (% a year)"), max_digits=7, decimal_places=4)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["series", "effective_date", "term_gt_months"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "effective_date", "term_gt_months"], name="rate_is_announced_once"
            ),
            models.CheckConstraint(name="rate_is_not_negative", condition=models.Q(rate_percent__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.effective_date} {self.rate_percent}"
