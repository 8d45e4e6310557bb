import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('files', '0002_written_once'),
        ('loans', '0014_rate_points'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='WriteOffRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value_date', models.DateField(verbose_name='day')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='principal left (yuan)')),
                ('document_number', models.CharField(db_collation='C', max_length=60, verbose_name='number of the paper')),
                ('reason', models.CharField(max_length=300, verbose_name='why it will not come back')),
                ('proposer_key', models.CharField(max_length=30)),
                ('proposed_at', models.DateTimeField(verbose_name='proposed at')),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a second person'), ('approved', 'Written off'), ('refused', 'Refused')], default='waiting', max_length=8, verbose_name='state')),
                ('opinion', models.CharField(blank=True, max_length=300, verbose_name='opinion')),
                ('decider_key', models.CharField(blank=True, max_length=30)),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='write_off_requests', to='loans.loan')),
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.attachment', verbose_name='paper')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'proposed write-off',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['proposed_at'], name='write_offs_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('loan',), name='one_write_off_of_a_loan_waits'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='write_off_proposes_something'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decider_key', ''), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decider_key', ''), _negated=True)), _connector='OR'), name='decided_write_off_says_who'), models.CheckConstraint(condition=models.Q(('decider_key', models.F('proposer_key')), _negated=True), name='write_off_takes_two_people')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='payoutaccount',
            name='payout_account_has_one_owner',
        ),
        migrations.AddField(
            model_name='payoutaccount',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payout_accounts', to='organizations.organization'),
        ),
        migrations.AlterField(
            model_name='payoutaccount',
            name='kind',
            field=models.CharField(choices=[('card', 'Bank card'), ('passbook', 'Passbook'), ('company', 'Company account')], max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='payoutaccount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entity', None), ('organization', None), ('person__isnull', False)), models.Q(('entity__isnull', False), ('organization', None), ('person', None)), models.Q(('entity', None), ('organization__isnull', False), ('person', None)), _connector='OR'), name='payout_account_has_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='payoutaccount',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('organization',), name='lender_is_paid_at_one_account'),
        ),
    ]
