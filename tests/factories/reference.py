"""The data that migrations seed. A transactional test empties every table afterwards, so it is sown again."""

from importlib import import_module

from django.apps import apps

from loans.models import BenchmarkRate
from workflow.models import Holiday


def sow_reference_data() -> None:
    """Seed holidays and benchmark rates as the migrations do, where they are missing."""
    if not Holiday.objects.exists():
        import_module("workflow.migrations.0002_holidays").seed(apps, None)
    if not BenchmarkRate.objects.exists():
        import_module("loans.migrations.0003_benchmark_rates").seed(apps, None)
        import_module("loans.migrations.0008_lpr_rates").seed(apps, None)
