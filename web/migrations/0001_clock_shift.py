from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ClockShift",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                ("days", models.IntegerField(default=0, verbose_name="days")),
            ],
            options={
                "verbose_name": "clock shift",
                "verbose_name_plural": "clock shifts",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="web_clock_shift_is_one_row"),
                ],
            },
        ),
    ]
