"""The LPR since 2019: what newer programmes lend by. Up to one year the one-year rate holds, above it the other."""

from django.conf import settings
from django.db import migrations

from finance.rate_files import LPR_CODE, read_lpr_series

ONE_YEAR = 12  # months; the boundary that counties use (docs/calculations.md 4)


def seed(apps, schema_editor):
    BenchmarkRate = apps.get_model("loans", "BenchmarkRate")
    with (settings.BASE_DIR / "fixtures" / "rates" / "lpr.csv").open(encoding="utf-8") as file:
        series = read_lpr_series(file, boundary_months=ONE_YEAR)
    BenchmarkRate.objects.bulk_create(
        BenchmarkRate(
            series=LPR_CODE,
            effective_date=row.effective_date,
            term_gt_months=row.term_gt_months,
            term_le_months=row.term_le_months,
            rate_percent=row.rate_percent,
            source=row.source,
        )
        for row in series.rows
    )


class Migration(migrations.Migration):
    dependencies = [("loans", "0007_assessment_is_not_under_way")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
