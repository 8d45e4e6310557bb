import audit.guards
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('loans', '0015_write_offs'),
        ('subsidies', '0003_nothing_cascades'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReturnFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('sha256', models.CharField(db_collation='C', max_length=64)),
                ('state', models.CharField(choices=[('read', 'Read, not booked'), ('booked', 'Booked'), ('discarded', 'Discarded')], default='read', max_length=10, verbose_name='state')),
                ('uploaded_at', models.DateTimeField(verbose_name='uploaded at')),
                ('booked_at', models.DateTimeField(blank=True, null=True, verbose_name='booked at')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='return_files', to='subsidies.subsidybatch')),
                ('booked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': "bank's answer",
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'discarded'), _negated=True), fields=('batch', 'sha256'), name='answer_is_taken_in_once'), models.CheckConstraint(condition=models.Q(models.Q(('booked_at__isnull', False), ('booked_by__isnull', False), ('state', 'booked')), models.Q(models.Q(('state', 'booked'), _negated=True), ('booked_at', None), ('booked_by', None)), _connector='OR'), name='booked_answer_says_who')],
            },
        ),
        migrations.CreateModel(
            name='ReturnLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_number', models.PositiveIntegerField(verbose_name='row')),
                ('cells', models.JSONField(default=dict)),
                ('is_credited', models.BooleanField(null=True, verbose_name='credited')),
                ('code', models.CharField(blank=True, choices=[('name_mismatch', 'Name and account do not agree'), ('no_account', 'No such account'), ('closed', 'Account closed'), ('frozen', 'Account frozen'), ('id_mismatch', 'ID number does not agree'), ('dormant', 'Dormant account'), ('over_limit', "Above the account's limit"), ('other', 'Other reason')], max_length=20, verbose_name='return code')),
                ('value_date', models.DateField(blank=True, null=True, verbose_name='day')),
                ('bank_reference', models.CharField(blank=True, db_collation='C', max_length=60, verbose_name='bank reference')),
                ('outcome', models.CharField(choices=[('new', 'New'), ('known', 'Booked before'), ('faulty', 'Not in order')], max_length=8, verbose_name='result')),
                ('problems', models.JSONField(default=list)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='subsidies.returnfile')),
                ('payment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.payment')),
            ],
            options={
                'verbose_name': "line of a bank's answer",
                'constraints': [models.UniqueConstraint(fields=('file', 'row_number'), name='row_of_an_answer_is_kept_once'), models.CheckConstraint(condition=models.Q(('outcome', 'faulty'), models.Q(('is_credited__isnull', False), ('payment__isnull', False), ('value_date__isnull', False), models.Q(('bank_reference', ''), _negated=True)), _connector='OR'), name='understood_answer_is_complete')],
            },
        ),
        migrations.AlterModelOptions(
            name='approvalrule',
            options={'ordering': ['-effective_from', '-pk']},
        ),
        migrations.RemoveConstraint(
            model_name='approvalrule',
            name='approval_rule_begins_once',
        ),
        migrations.AddField(
            model_name='approvalrule',
            name='document_number',
            field=models.CharField(blank=True, max_length=60, verbose_name='document number'),
        ),
        migrations.AddField(
            model_name='approvalrule',
            name='set_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='set at'),
        ),
        migrations.AddField(
            model_name='approvalrule',
            name='set_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='approvalrule',
            index=models.Index(fields=['programme', '-effective_from'], name='approval_rules_by_day'),
        ),
        migrations.AddConstraint(
            model_name='approvalrule',
            constraint=models.CheckConstraint(condition=models.Q(('sample_percent__gte', 0), ('sample_percent__lte', 100), ('second_above__gte', 0)), name='approval_rule_is_sound'),
        ),
        migrations.AddConstraint(
            model_name='approvalrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('set_at', None), ('set_by', None)), models.Q(('set_at__isnull', False), ('set_by__isnull', False), models.Q(('document_number', ''), _negated=True)), _connector='OR'), name='approval_rule_says_who'),
        ),
        audit.guards.AppendOnly(
            table='subsidies_approvalrule',
        ),
    ]
