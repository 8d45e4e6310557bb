import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('loans', '0009_servicing'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubsidyBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='from')),
                ('last_day', models.DateField(verbose_name='to')),
                ('is_estimate', models.BooleanField(default=False, verbose_name='estimated')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('computing', 'Being computed'), ('computed', 'Computed'), ('reviewed', 'Reviewed'), ('on_notice', 'On notice'), ('approved', 'Approved'), ('paying', 'Being paid'), ('reconciled', 'Reconciled'), ('void', 'Given up')], default='draft', max_length=12, verbose_name='state')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('known_at', models.DateTimeField(blank=True, null=True)),
                ('inputs_sha256', models.CharField(blank=True, db_collation='C', max_length=64)),
                ('created_at', models.DateTimeField()),
                ('computed_at', models.DateTimeField(blank=True, null=True)),
                ('notice_place', models.CharField(blank=True, max_length=120, verbose_name='place of the notice')),
                ('notice_from', models.DateField(blank=True, null=True, verbose_name='notice from')),
                ('notice_to', models.DateField(blank=True, null=True, verbose_name='notice to')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='loans.programme')),
            ],
            options={
                'verbose_name': 'subsidy batch',
                'indexes': [models.Index(fields=['programme', '-last_day'], name='batches_newest_first')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='batch_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('is_estimate', False), models.Q(('state__in', ('approved', 'paying', 'reconciled')), _negated=True), _connector='OR'), name='estimate_is_never_paid'), models.UniqueConstraint(condition=models.Q(('state', 'void'), _negated=True), fields=('programme', 'last_day'), name='period_has_one_batch')],
            },
        ),
        migrations.CreateModel(
            name='PaymentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_collation='C', max_length=40, unique=True, verbose_name='file number')),
                ('created_at', models.DateTimeField()),
                ('sent_on', models.DateField(blank=True, null=True, verbose_name='sent on')),
                ('treasury_reference', models.CharField(blank=True, db_collation='C', max_length=60, verbose_name='treasury reference')),
                ('sha256', models.CharField(db_collation='C', max_length=64)),
                ('payments_count', models.PositiveIntegerField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount (yuan)')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='subsidies.subsidybatch')),
            ],
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payee', models.CharField(choices=[('borrower', 'The borrower, afterwards'), ('lender', 'The lender, directly')], max_length=10, verbose_name='paid to')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount (yuan)')),
                ('state', models.CharField(choices=[('planned', 'To be paid'), ('sent', 'Sent to the bank'), ('credited', 'Credited'), ('returned', 'Returned'), ('given_up', 'Given up')], default='planned', max_length=10, verbose_name='state')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.payoutaccount')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='loans.subsidybudget')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subsidy_payments', to='loans.loan')),
                ('reissues', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reissued_by', to='subsidies.payment')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='subsidies.paymentfile')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='subsidies.subsidybatch')),
            ],
            options={
                'indexes': [models.Index(fields=['batch', 'state'], name='payments_of_batch')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_pays_something'), models.UniqueConstraint(condition=models.Q(('reissues', None)), fields=('batch', 'loan', 'budget'), name='loan_is_paid_once_by_a_batch'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'given_up']), ('file__isnull', False), _connector='OR'), name='sent_payment_is_in_a_file')],
            },
        ),
        migrations.CreateModel(
            name='InputSegment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('balance_fen', models.BigIntegerField()),
                ('base_fen', models.BigIntegerField()),
                ('rate_millionths', models.IntegerField()),
                ('exclusion', models.CharField(blank=True, choices=[('', 'No remark'), ('overdue', 'In arrears'), ('past_due', 'After the due date'), ('extension', 'Extended'), ('misuse', 'Misused'), ('above_limit', 'Above the limit'), ('household_limit', 'Above the limit of the household'), ('moved_away', 'Moved away'), ('out_of_scope', 'Outside the programme'), ('second_subsidy', 'Second subsidy for one loan'), ('deceased', 'Deceased'), ('false_papers', 'False papers'), ('interest_cap', 'Capped at the interest paid'), ('interest_unpaid', 'No interest paid yet'), ('months', 'Subsidised months used up')], max_length=20)),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.loan')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='segments', to='subsidies.subsidybatch')),
            ],
            options={
                'indexes': [models.Index(fields=['batch', 'loan', 'start'], name='segments_of_batch')],
            },
        ),
        migrations.CreateModel(
            name='Clawback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='to be taken back (yuan)')),
                ('state', models.CharField(choices=[('open', 'To be taken back'), ('notified', 'Notice delivered'), ('partly', 'Partly taken back'), ('done', 'Taken back'), ('handed_over', 'Handed over')], default='open', max_length=12, verbose_name='state')),
                ('notified_on', models.DateField(blank=True, null=True, verbose_name='notice delivered on')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.subsidybudget')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clawbacks', to='loans.loan')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clawbacks', to='subsidies.subsidybatch')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='clawback_takes_something'), models.UniqueConstraint(fields=('batch', 'loan', 'budget'), name='loan_is_clawed_back_once_by_a_batch')],
            },
        ),
        migrations.CreateModel(
            name='BatchDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=30, verbose_name='step')),
                ('outcome', models.CharField(max_length=30, verbose_name='outcome')),
                ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                ('sequence', models.PositiveSmallIntegerField()),
                ('target', models.CharField(blank=True, max_length=30)),
                ('reason', models.TextField(blank=True, verbose_name='opinion')),
                ('facts', models.JSONField(default=dict)),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('person_key', models.CharField(max_length=30)),
                ('role', models.CharField(blank=True, max_length=24, verbose_name='role')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='subsidies.subsidybatch')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['return', 'reject', 'decline']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='subsidies_batchdecision_against_needs_a_reason', violation_error_message='Please give the reason.'), models.UniqueConstraint(fields=('batch', 'sequence'), name='batch_decisions_follow_one_another')],
            },
        ),
        migrations.CreateModel(
            name='BatchChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_loan_id', models.BigIntegerField()),
                ('last_loan_id', models.BigIntegerField()),
                ('loans', models.PositiveIntegerField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('sha256', models.CharField(blank=True, db_collation='C', max_length=64)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='subsidies.subsidybatch')),
            ],
            options={
                'ordering': ['batch', 'first_loan_id'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'first_loan_id'), name='chunk_begins_once')],
            },
        ),
        migrations.CreateModel(
            name='SubsidyExclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('', 'No remark'), ('overdue', 'In arrears'), ('past_due', 'After the due date'), ('extension', 'Extended'), ('misuse', 'Misused'), ('above_limit', 'Above the limit'), ('household_limit', 'Above the limit of the household'), ('moved_away', 'Moved away'), ('out_of_scope', 'Outside the programme'), ('second_subsidy', 'Second subsidy for one loan'), ('deceased', 'Deceased'), ('false_papers', 'False papers'), ('interest_cap', 'Capped at the interest paid'), ('interest_unpaid', 'No interest paid yet'), ('months', 'Subsidised months used up')], max_length=20, verbose_name='reason')),
                ('from_day', models.DateField(verbose_name='from')),
                ('until_day', models.DateField(blank=True, null=True, verbose_name='until')),
                ('note', models.CharField(max_length=300, verbose_name='note')),
                ('recorded_at', models.DateTimeField()),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subsidy_exclusions', to='loans.loan')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['loan'], name='exclusions_of_loan')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_day', None), ('until_day__gt', models.F('from_day')), _connector='OR'), name='exclusion_ends_after_it_begins', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='SubsidyLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('ordinary', 'Ordinary'), ('difference', 'Difference')], max_length=10, verbose_name='kind')),
                ('first_day', models.DateField(verbose_name='from')),
                ('last_day', models.DateField(verbose_name='to')),
                ('days', models.IntegerField(verbose_name='days')),
                ('base', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='subsidised principal (yuan)')),
                ('rate_percent', models.DecimalField(decimal_places=4, max_digits=7, verbose_name='subsidy (%)')),
                ('interest_paid', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='interest paid (yuan)')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='subsidy (yuan)')),
                ('status', models.CharField(choices=[('eligible', 'Eligible'), ('attention', 'To be looked at'), ('excluded', 'Not eligible')], max_length=10, verbose_name='check')),
                ('reason', models.CharField(blank=True, choices=[('', 'No remark'), ('overdue', 'In arrears'), ('past_due', 'After the due date'), ('extension', 'Extended'), ('misuse', 'Misused'), ('above_limit', 'Above the limit'), ('household_limit', 'Above the limit of the household'), ('moved_away', 'Moved away'), ('out_of_scope', 'Outside the programme'), ('second_subsidy', 'Second subsidy for one loan'), ('deceased', 'Deceased'), ('false_papers', 'False papers'), ('interest_cap', 'Capped at the interest paid'), ('interest_unpaid', 'No interest paid yet'), ('months', 'Subsidised months used up')], max_length=20, verbose_name='reason')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='subsidies.subsidybatch')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='loans.subsidybudget')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='subsidies.subsidyline')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subsidy_lines', to='loans.loan')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.programmeversion')),
            ],
            options={
                'verbose_name': 'subsidy line',
                'indexes': [models.Index(fields=['batch', 'loan'], name='lines_of_batch'), models.Index(fields=['loan'], name='lines_of_loan')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'ordinary')), fields=('loan', 'last_day'), name='one_ordinary_line_per_period_and_loan'), models.UniqueConstraint(condition=models.Q(('kind', 'difference')), fields=('batch', 'corrects'), name='one_difference_per_batch_and_line'), models.CheckConstraint(condition=models.Q(models.Q(('corrects', None), ('kind', 'ordinary')), models.Q(('corrects__isnull', False), ('kind', 'difference'), models.Q(('amount', 0), _negated=True)), _connector='OR'), name='difference_names_its_line')],
            },
        ),
        migrations.CreateModel(
            name='SampledLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField()),
                ('is_right', models.BooleanField(null=True, verbose_name='in order')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sample', to='subsidies.subsidybatch')),
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sampled', to='subsidies.subsidyline')),
            ],
            options={
                'ordering': ['batch', 'place'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'place'), name='sample_place_is_used_once')],
            },
        ),
        migrations.CreateModel(
            name='YearEndDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('to_treasury', 'Back to the treasury'), ('carried_over', 'Carried over')], max_length=12, verbose_name='decision')),
                ('open_amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='open (yuan)')),
                ('document_number', models.CharField(max_length=60, verbose_name='document number')),
                ('decided_at', models.DateTimeField()),
                ('budget', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='year_end', to='loans.subsidybudget')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ApprovalRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('second_above', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='second approval above (yuan)')),
                ('sample_percent', models.DecimalField(decimal_places=4, default=5, max_digits=7, verbose_name='sample (%)')),
                ('sample_min', models.PositiveSmallIntegerField(default=10, verbose_name='sample at least')),
                ('notice_days', models.PositiveSmallIntegerField(default=7, verbose_name='days of notice')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approval_rules', to='loans.programme')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('programme', 'effective_from'), name='approval_rule_begins_once')],
            },
        ),
        migrations.CreateModel(
            name='ClawbackEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount (yuan)')),
                ('value_date', models.DateField(verbose_name='day')),
                ('bank_reference', models.CharField(db_collation='C', max_length=60, unique=True, verbose_name='bank reference')),
                ('recorded_at', models.DateTimeField()),
                ('clawback', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='subsidies.clawback')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='clawback_entry_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='PaymentResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_credited', models.BooleanField(verbose_name='credited')),
                ('code', models.CharField(blank=True, choices=[('name_mismatch', 'Name and account do not agree'), ('no_account', 'No such account'), ('closed', 'Account closed'), ('frozen', 'Account frozen'), ('id_mismatch', 'ID number does not agree'), ('dormant', 'Dormant account'), ('over_limit', "Above the account's limit"), ('other', 'Other reason')], max_length=20, verbose_name='return code')),
                ('value_date', models.DateField(verbose_name='day')),
                ('bank_reference', models.CharField(db_collation='C', max_length=60, unique=True, verbose_name='bank reference')),
                ('recorded_at', models.DateTimeField()),
                ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='result', to='subsidies.payment')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('code', ''), ('is_credited', True)), models.Q(('is_credited', False), models.Q(('code', ''), _negated=True)), _connector='OR'), name='returned_payment_has_its_code')],
            },
        ),
    ]
