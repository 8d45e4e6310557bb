from django.db import migrations

from accounts.guards import ExclusiveRoles


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [ExclusiveRoles(["auditor", "system_administrator", "security_administrator"])]
