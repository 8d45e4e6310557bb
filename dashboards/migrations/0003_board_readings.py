from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboards", "0002_publications"),
    ]

    operations = [
        migrations.CreateModel(
            name="BoardReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_collation="C", max_length=64, unique=True)),
                ("day", models.DateField(verbose_name="day")),
                ("counted_at", models.DateTimeField()),
                ("mark", models.CharField(max_length=64)),
                ("content", models.JSONField()),
            ],
            options={"verbose_name": "reading of the board"},
        ),
    ]
