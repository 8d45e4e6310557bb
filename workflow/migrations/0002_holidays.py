"""The State Council's holidays of 2012 to 2026 (from the package chinesecalendar); an office adds later years."""

import csv
from datetime import date

from django.conf import settings
from django.db import migrations


def seed(apps, schema_editor):
    Holiday = apps.get_model("workflow", "Holiday")
    with (settings.BASE_DIR / "fixtures" / "holidays.csv").open(encoding="utf-8") as file:
        Holiday.objects.bulk_create(
            Holiday(day=date.fromisoformat(row["day"]), is_workday=row["is_workday"] == "1", name=row["name"])
            for row in csv.DictReader(file)
        )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
