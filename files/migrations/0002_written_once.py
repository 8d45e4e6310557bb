"""What is kept is never changed: another paper is another row. (A paper nobody refers to may still go.)"""

from django.db import migrations


class Migration(migrations.Migration):
    # audit declares the function of the trigger.
    dependencies = [("files", "0001_attachment"), ("audit", "0002_written_once")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER written_once BEFORE UPDATE ON files_attachment"
            " FOR EACH ROW EXECUTE FUNCTION redcredit_refuse_change()",
            "DROP TRIGGER written_once ON files_attachment",
        )
    ]
