from django.db import migrations

from audit.guards import AppendOnly
from subsidies.guards import FreezeClosedBatches


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0001_initial")]

    operations = [
        FreezeClosedBatches(),
        AppendOnly("subsidies_batchdecision"),
        AppendOnly("subsidies_paymentresult"),
        AppendOnly("subsidies_clawbackentry"),
        AppendOnly("subsidies_yearenddecision"),
    ]
