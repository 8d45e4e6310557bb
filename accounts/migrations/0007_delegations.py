import django.db.models.deletion
from django.db import migrations, models

from accounts.guards import GuardDelegations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_unread_count")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="stands_in_for",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations",
                to="accounts.post",
                verbose_name="stands in for",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("stands_in_for", None), ("valid_to__isnull", False), _connector="OR"),
                name="a_delegation_has_an_end",
            ),
        ),
        GuardDelegations(),
    ]
