"""The lending benchmarks of the People's Bank from 2008 to 2015: the series under which the first programmes lent."""

from django.conf import settings
from django.db import migrations

from finance.rate_files import BENCHMARK_CODE, read_benchmark_series


def seed(apps, schema_editor):
    BenchmarkRate = apps.get_model("loans", "BenchmarkRate")
    with (settings.BASE_DIR / "fixtures" / "rates" / "benchmark.csv").open(encoding="utf-8") as file:
        series = read_benchmark_series(file)
    BenchmarkRate.objects.bulk_create(
        BenchmarkRate(
            series=BENCHMARK_CODE,
            effective_date=row.effective_date,
            term_gt_months=row.term_gt_months,
            term_le_months=row.term_le_months,
            rate_percent=row.rate_percent,
            source=row.source,
        )
        for row in series.rows
    )


class Migration(migrations.Migration):
    dependencies = [("loans", "0002_written_once")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
