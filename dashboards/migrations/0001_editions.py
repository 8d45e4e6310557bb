"""Editions of printed statistics and versions of bulletins are written once."""

import audit.guards
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(db_collation='C', max_length=7, verbose_name='report period')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('measure', models.CharField(max_length=30, verbose_name='ranked by')),
                ('as_of', models.DateField(verbose_name='figures up to')),
                ('standing', models.JSONField()),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='document number')),
                ('issued_on', models.DateField(blank=True, null=True, verbose_name='issued by the county on')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulletins', to='organizations.division')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
            ],
            options={
                'verbose_name': 'bulletin',
                'indexes': [models.Index(fields=['division', '-made_at'], name='bulletins_newest_first')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('division', 'number'), name='bulletin_number_is_given_once', violation_error_message='Another bulletin already has this number.'), models.CheckConstraint(condition=models.Q(models.Q(('issued_by', None), ('issued_on', None), ('number', '')), models.Q(models.Q(('number', ''), _negated=True), ('issued_by__isnull', False), ('issued_on__isnull', False)), _connector='OR'), name='issued_bulletin_has_number_and_day')],
            },
        ),
        migrations.CreateModel(
            name='BulletinVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('body', models.TextField(max_length=6000, verbose_name='text')),
                ('written_at', models.DateTimeField()),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='dashboards.bulletin')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['bulletin', 'number'],
                'constraints': [models.UniqueConstraint(fields=('bulletin', 'number'), name='bulletin_version_is_kept_once')],
            },
        ),
        migrations.CreateModel(
            name='ReportDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.CharField(db_collation='C', max_length=30, verbose_name='report')),
                ('period', models.CharField(db_collation='C', max_length=7, verbose_name='report period')),
                ('due_on', models.DateField(verbose_name='due by')),
                ('entered', models.JSONField(blank=True, default=dict)),
                ('prepared_at', models.DateTimeField(verbose_name='prepared at')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='report_drafts', to='organizations.division')),
            ],
            options={
                'verbose_name': 'report owed',
                'indexes': [models.Index(fields=['division', '-due_on'], name='reports_owed_by_day')],
                'constraints': [models.UniqueConstraint(fields=('report', 'period', 'division'), name='report_is_owed_once_a_period')],
            },
        ),
        migrations.CreateModel(
            name='ReportEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.CharField(db_collation='C', max_length=30, verbose_name='report')),
                ('period', models.CharField(db_collation='C', max_length=7, verbose_name='report period')),
                ('number', models.PositiveSmallIntegerField(verbose_name='edition')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('as_of', models.DateField(verbose_name='figures up to')),
                ('sheet', models.JSONField()),
                ('sha256', models.CharField(db_collation='C', max_length=64)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the correction')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='report_editions', to='organizations.division')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
            ],
            options={
                'verbose_name': 'edition of a report',
                'indexes': [models.Index(fields=['division', '-as_of', 'report', '-number'], name='editions_newest_first')],
                'constraints': [models.UniqueConstraint(fields=('report', 'period', 'division', 'number'), name='edition_is_made_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='editions_begin_at_one'), models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='corrected_edition_has_a_reason', violation_error_message='Please say why the report is corrected.')],
            },
        ),
        audit.guards.AppendOnly(
            table='dashboards_reportedition',
        ),
        audit.guards.AppendOnly(
            table='dashboards_bulletinversion',
        ),
    ]
