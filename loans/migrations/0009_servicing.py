import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('loans', '0008_lpr_rates'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArrearsSpell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spells', to='loans.loan')),
            ],
            options={
                'ordering': ['loan', 'since'],
                'constraints': [models.UniqueConstraint(fields=('loan', 'since'), name='spell_begins_once'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='spell_ends_after_it_began')],
            },
        ),
        migrations.CreateModel(
            name='LendingStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(choices=[('npl_ratio', 'Share of bad loans'), ('overdue_ratio', 'Share of overdue loans'), ('compensation_rate', 'Compensation rate'), ('by_decision', 'By decision')], max_length=20, verbose_name='measure')),
                ('ratio_percent', models.DecimalField(blank=True, decimal_places=4, max_digits=9, null=True, verbose_name='ratio (%)')),
                ('limit_percent', models.DecimalField(blank=True, decimal_places=4, max_digits=9, null=True, verbose_name='limit (%)')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('imposed_on', models.DateField(verbose_name='since')),
                ('imposed_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lift_reason', models.CharField(blank=True, max_length=300, verbose_name='reason for lifting')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='organizations.division')),
                ('imposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outlet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='organizations.organization')),
            ],
            options={
                'verbose_name': 'lending stop',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('division__isnull', False), ('outlet', None)), models.Q(('division', None), ('outlet__isnull', False)), _connector='OR'), name='stop_has_one_place'), models.CheckConstraint(condition=models.Q(models.Q(('lift_reason', ''), ('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lift_reason', ''), _negated=True)), _connector='OR'), name='lifted_stop_says_who_and_why'), models.UniqueConstraint(condition=models.Q(('lifted_at', None), ('outlet', None)), fields=('division', 'measure'), name='division_stops_once'), models.UniqueConstraint(condition=models.Q(('division', None), ('lifted_at', None)), fields=('outlet', 'measure'), name='outlet_stops_once')],
            },
        ),
        migrations.CreateModel(
            name='LoanStanding',
            fields=[
                ('loan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='standing', serialize=False, to='loans.loan')),
                ('checked_on', models.DateField()),
                ('maturity', models.DateField(verbose_name='due on')),
                ('next_due', models.DateField(blank=True, null=True, verbose_name='next due')),
                ('overdue_since', models.DateField(blank=True, null=True, verbose_name='overdue since')),
                ('overdue_principal', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='overdue principal (yuan)')),
                ('overdue_interest', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='overdue interest (yuan)')),
                ('is_misused', models.BooleanField(default=False, verbose_name='misused')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_due__isnull', False)), fields=['next_due'], name='standings_to_look_at'), models.Index(condition=models.Q(('overdue_since__isnull', False)), fields=['overdue_since'], name='standings_overdue')],
            },
        ),
        migrations.CreateModel(
            name='PayoutAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('card', 'Bank card'), ('passbook', 'Passbook')], max_length=10, verbose_name='kind')),
                ('bank_name', models.CharField(max_length=60, verbose_name='bank')),
                ('holder_name', models.CharField(max_length=60, verbose_name='account holder')),
                ('number_sealed', models.BinaryField()),
                ('number_masked', models.CharField(editable=False, max_length=30, verbose_name='account')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('entity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payout_accounts', to='organizations.entity')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payout_accounts', to='organizations.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('entity', None), ('person__isnull', False)), models.Q(('entity__isnull', False), ('person', None)), _connector='OR'), name='payout_account_has_one_owner'), models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('person',), name='person_is_paid_at_one_account'), models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('entity',), name='body_is_paid_at_one_account')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='loan',
            name='settled_loan_has_its_day',
        ),
        migrations.RemoveConstraint(
            model_name='loanentry',
            name='entry_moves_something',
        ),
        migrations.RemoveConstraint(
            model_name='loanentry',
            name='bank_reference_books_once',
        ),
        migrations.AddField(
            model_name='loan',
            name='compound_rule',
            field=models.CharField(choices=[('contract', 'Contract rate within the term, penalty rate after it'), ('penalty', 'Penalty rate')], default='penalty', max_length=10, verbose_name='interest on unpaid interest'),
        ),
        migrations.AddField(
            model_name='loan',
            name='holiday_rule',
            field=models.CharField(choices=[('unchanged', 'The due date stays'), ('before', 'The working day before'), ('after', 'The working day after')], default='unchanged', max_length=10, verbose_name='due date on a holiday'),
        ),
        migrations.AddField(
            model_name='loan',
            name='misuse_markup_percent',
            field=models.DecimalField(decimal_places=4, default=100, max_digits=7, verbose_name='penalty for misuse (% on the rate)'),
        ),
        migrations.AddField(
            model_name='loan',
            name='overdue_markup_percent',
            field=models.DecimalField(decimal_places=4, default=50, max_digits=7, verbose_name='penalty for late payment (% on the rate)'),
        ),
        migrations.AddField(
            model_name='loanentry',
            name='document_number',
            field=models.CharField(blank=True, max_length=60, verbose_name='document number'),
        ),
        migrations.AddField(
            model_name='loanentry',
            name='new_due_date',
            field=models.DateField(blank=True, null=True, verbose_name='new due date'),
        ),
        migrations.AddField(
            model_name='loanentry',
            name='rate_percent',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True, verbose_name='rate (% a year)'),
        ),
        migrations.AddField(
            model_name='loanentry',
            name='reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='loanentry',
            name='reverses',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='loans.loanentry'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='arrears_tolerance',
            field=models.DecimalField(decimal_places=2, default=1, max_digits=14, verbose_name='arrears counted above (yuan)'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='compound_rule',
            field=models.CharField(choices=[('contract', 'Contract rate within the term, penalty rate after it'), ('penalty', 'Penalty rate')], default='penalty', max_length=10, verbose_name='interest on unpaid interest'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='extensions_max',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='extensions at most'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='holiday_rule',
            field=models.CharField(choices=[('unchanged', 'The due date stays'), ('before', 'The working day before'), ('after', 'The working day after')], default='unchanged', max_length=10, verbose_name='due date on a holiday'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='misuse_markup_percent',
            field=models.DecimalField(decimal_places=4, default=100, max_digits=7, verbose_name='penalty for misuse (% on the rate)'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='overdue_markup_percent',
            field=models.DecimalField(decimal_places=4, default=50, max_digits=7, verbose_name='penalty for late payment (% on the rate)'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='subsidy_grace_days',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='days of grace'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='subsidy_household_max',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='subsidised for one household up to (yuan)'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='subsidy_on_arrears',
            field=models.CharField(choices=[('days', 'No subsidy for the days in arrears'), ('stop', 'No subsidy from the first arrears on')], default='days', max_length=10, verbose_name='subsidy and arrears'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='subsidy_on_misuse',
            field=models.CharField(choices=[('void', 'The whole subsidy is taken back'), ('stop', 'No subsidy from the finding on')], default='void', max_length=10, verbose_name='subsidy and misuse'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='subsidy_payee',
            field=models.CharField(choices=[('borrower', 'The borrower, afterwards'), ('lender', 'The lender, directly')], default='borrower', max_length=10, verbose_name='subsidy is paid to'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='subsidy_principal_max',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='subsidised up to (yuan)'),
        ),
        migrations.AddField(
            model_name='subsidybudget',
            name='due',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='due (yuan)'),
        ),
        migrations.AddField(
            model_name='subsidybudget',
            name='paid',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='paid (yuan)'),
        ),
        migrations.AlterField(
            model_name='loan',
            name='state',
            field=models.CharField(choices=[('live', 'Current'), ('settled', 'Repaid in full'), ('written_off', 'Written off')], default='live', max_length=12),
        ),
        migrations.AlterField(
            model_name='loanentry',
            name='bank_reference',
            field=models.CharField(blank=True, db_collation='C', max_length=60, verbose_name='bank reference'),
        ),
        migrations.AlterField(
            model_name='loanentry',
            name='kind',
            field=models.CharField(choices=[('disbursement', 'Paid out'), ('tranche', 'Further part paid out'), ('principal', 'Principal repaid'), ('interest', 'Interest paid'), ('penalty', 'Penalty interest paid'), ('compound', 'Interest on interest paid'), ('costs', 'Costs paid'), ('write_off', 'Written off'), ('extension', 'Extended'), ('renewal', 'Renewed without repayment'), ('rate_change', 'Rate changed'), ('misuse', 'Misuse found'), ('misuse_ended', 'Misuse mended'), ('reversal', 'Entry reversed')], max_length=14, verbose_name='kind'),
        ),
        migrations.AddIndex(
            model_name='loanentry',
            index=models.Index(fields=['recorded_at'], name='entries_by_recording'),
        ),
        migrations.AddConstraint(
            model_name='loan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_on__isnull', False), ('state__in', ['settled', 'written_off'])), models.Q(('settled_on', None), ('state', 'live')), _connector='OR'), name='settled_loan_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='loanentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('kind__in', ('disbursement', 'tranche', 'principal', 'interest', 'penalty', 'compound', 'costs', 'write_off'))), models.Q(models.Q(('kind__in', ('disbursement', 'tranche', 'principal', 'interest', 'penalty', 'compound', 'costs', 'write_off')), _negated=True), ('amount', 0)), _connector='OR'), name='entry_moves_something'),
        ),
        migrations.AddConstraint(
            model_name='loanentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['extension', 'renewal']), ('new_due_date__isnull', False)), models.Q(('kind', 'rate_change'), ('new_due_date', None), ('rate_percent__isnull', False)), models.Q(models.Q(('kind__in', ['extension', 'renewal', 'rate_change']), _negated=True), ('new_due_date', None), ('rate_percent', None)), _connector='OR'), name='entry_names_what_it_changes'),
        ),
        migrations.AddConstraint(
            model_name='loanentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reversal'), ('reverses__isnull', False)), models.Q(models.Q(('kind', 'reversal'), _negated=True), ('reverses', None)), _connector='OR'), name='reversal_names_its_entry'),
        ),
        migrations.AddConstraint(
            model_name='loanentry',
            constraint=models.UniqueConstraint(condition=models.Q(('bank_reference', ''), _negated=True), fields=('bank_reference', 'kind'), name='bank_reference_books_once'),
        ),
        migrations.AddConstraint(
            model_name='subsidybudget',
            constraint=models.CheckConstraint(condition=models.Q(('due__gte', 0), ('due__lte', models.F('appropriated')), ('paid__gte', 0), ('paid__lte', models.F('due'))), name='budget_pays_what_is_due', violation_error_message='The subsidy budget is not enough.'),
        ),
    ]
