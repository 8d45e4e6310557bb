import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from decimal import Decimal
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
            name='RiskFund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('opened_on', models.DateField(verbose_name='opened on')),
                ('balance', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='balance (yuan)')),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risk_funds', to='organizations.division')),
                ('programme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='risk_funds', to='loans.programme')),
            ],
            options={
                'verbose_name': 'risk fund',
                'constraints': [models.CheckConstraint(condition=models.Q(('balance__gte', 0)), name='fund_is_never_overdrawn')],
            },
        ),
        migrations.CreateModel(
            name='ClaimRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('is_example', models.BooleanField(default=False, verbose_name='example')),
                ('trigger_days', models.PositiveSmallIntegerField(verbose_name='days overdue')),
                ('is_more_than', models.BooleanField(default=False, verbose_name='only after that day')),
                ('base', models.CharField(choices=[('principal', 'Principal only'), ('with_interest', 'Principal and contract interest, without penalty')], max_length=14, verbose_name='base')),
                ('leverage_max', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True, verbose_name='lending limit (× the fund)')),
                ('deposit_percent', models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True, verbose_name='fund demanded (% of the balance lent)')),
                ('notices_min', models.PositiveSmallIntegerField(default=2, verbose_name='collection notices at least')),
                ('required_papers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('application', 'Claim form of the lender'), ('contract', 'Loan contract and note'), ('interest_list', 'Interest list'), ('collection', 'Collection record'), ('opinion', 'Opinion of village and township'), ('ledger', 'Repayment ledger'), ('loss_finding', "The lender's finding of the loss")], max_length=14), default=list, size=None, verbose_name='papers')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claim_rules', to='risk.riskfund')),
            ],
            options={
                'ordering': ['-effective_from'],
                'constraints': [models.UniqueConstraint(fields=('fund', 'effective_from'), name='claim_rule_begins_once'), models.CheckConstraint(condition=models.Q(models.Q(('leverage_max', None), ('leverage_max__gt', 0), _connector='OR'), models.Q(('deposit_percent', None), ('deposit_percent__gt', 0), _connector='OR')), name='claim_limits_are_positive')],
            },
        ),
        migrations.CreateModel(
            name='FundContributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('kind', models.CharField(choices=[('government', 'County government'), ('lender', 'Lender'), ('guarantor', 'Guarantee company'), ('re_guarantor', 'Provincial re-guarantor'), ('other', 'Other')], max_length=14, verbose_name='kind')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributors', to='risk.riskfund')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('fund', 'name'), name='contributor_is_named_once')],
            },
        ),
        migrations.CreateModel(
            name='FundShareSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('is_example', models.BooleanField(default=False, verbose_name='example')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='share_sets', to='risk.riskfund')),
            ],
            options={
                'ordering': ['-effective_from'],
                'constraints': [models.UniqueConstraint(fields=('fund', 'effective_from'), name='shares_begin_once')],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_collation='C', max_length=40, unique=True, verbose_name='claim number')),
                ('state', models.CharField(choices=[('to_file', 'To be filed'), ('returned', 'Returned for correction'), ('to_check', 'To be checked'), ('to_verify', 'To be verified by finance'), ('to_approve', 'To be approved'), ('to_pay', 'To be paid'), ('paid', 'Compensated'), ('recovering', 'In recovery'), ('recovered', 'Recovered in full'), ('written_off', 'Written off'), ('refused', 'Not compensated')], default='to_file', max_length=12)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('sequence', models.PositiveSmallIntegerField(default=0)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('filed_on', models.DateField(blank=True, null=True, verbose_name='filed on')),
                ('overdue_since', models.DateField(blank=True, null=True, verbose_name='overdue since')),
                ('overdue_days', models.PositiveIntegerField(blank=True, null=True, verbose_name='days overdue')),
                ('principal_due', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='principal demanded (yuan)')),
                ('interest_due', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='interest demanded (yuan)')),
                ('base_amount', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='loss that counts (yuan)')),
                ('fund_part', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='the fund pays (yuan)')),
                ('lender_part', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='the lender bears (yuan)')),
                ('paid_on', models.DateField(blank=True, null=True, verbose_name='paid on')),
                ('recovered', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='returned to the fund (yuan)')),
                ('written_off_on', models.DateField(blank=True, null=True, verbose_name='written off on')),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='loans.loan')),
                ('rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='risk.claimrule')),
                ('share_set', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='risk.fundshareset')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='risk.riskfund')),
            ],
            options={
                'verbose_name': 'claim',
                'indexes': [models.Index(fields=['state', 'created_at'], name='claims_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('loan',), name='loan_has_one_live_claim'), models.CheckConstraint(condition=models.Q(('state__in', ['to_file', 'returned']), models.Q(('base_amount__gt', 0), ('filed_on__isnull', False), ('overdue_since__isnull', False), ('rule__isnull', False), ('share_set__isnull', False)), _connector='OR'), name='filed_claim_is_complete'), models.CheckConstraint(condition=models.Q(('base_amount', django.db.models.expressions.CombinedExpression(models.F('fund_part'), '+', models.F('lender_part'))), ('fund_part__gte', 0), ('lender_part__gte', 0)), name='claim_parts_add_up'), models.CheckConstraint(condition=models.Q(('recovered__gte', 0), ('recovered__lte', models.F('fund_part'))), name='claim_returns_no_more_than_was_paid'), models.CheckConstraint(condition=models.Q(models.Q(('paid_on__isnull', False), ('state__in', ['paid', 'recovering', 'recovered', 'written_off'])), models.Q(models.Q(('state__in', ['paid', 'recovering', 'recovered', 'written_off']), _negated=True), ('paid_on', None)), _connector='OR'), name='paid_claim_has_its_day')],
            },
        ),
        migrations.CreateModel(
            name='ClaimRecovery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='recovered (yuan)')),
                ('costs', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='costs (yuan)')),
                ('to_fund', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='to the fund (yuan)')),
                ('to_lender', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='to the lender (yuan)')),
                ('beyond', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='beyond the claim (yuan)')),
                ('value_date', models.DateField(verbose_name='day')),
                ('bank_reference', models.CharField(db_collation='C', max_length=60, unique=True, verbose_name='bank reference')),
                ('recorded_at', models.DateTimeField()),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recoveries', to='risk.claim')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('costs'), '+', models.F('to_fund')), '+', models.F('to_lender')), '+', models.F('beyond'))), ('amount__gt', 0), ('beyond__gte', 0), ('costs__gte', 0), ('to_fund__gte', 0), ('to_lender__gte', 0)), name='recovery_is_used_up')],
            },
        ),
        migrations.CreateModel(
            name='ClaimCap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='from (yuan)')),
                ('to_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='to (yuan)')),
                ('percent', models.DecimalField(decimal_places=4, max_digits=7, verbose_name='counts (%)')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='caps', to='risk.claimrule')),
            ],
            options={
                'ordering': ['from_amount'],
                'constraints': [models.UniqueConstraint(fields=('rule', 'from_amount'), name='cap_begins_once'), models.CheckConstraint(condition=models.Q(('from_amount__gte', 0), models.Q(('to_amount', None), ('to_amount__gt', models.F('from_amount')), _connector='OR'), ('percent__gt', 0), ('percent__lte', 100)), name='cap_is_a_band')],
            },
        ),
        migrations.CreateModel(
            name='EarlyWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('maturity', 'Due soon'), ('overdue', 'Overdue'), ('misuse', 'Misuse'), ('ratio_rising', "The village's overdue share is rising"), ('no_visit', 'No visit for long')], max_length=14, verbose_name='kind')),
                ('cause', models.DateField()),
                ('opened_on', models.DateField(verbose_name='opened on')),
                ('figures', models.JSONField(default=dict)),
                ('outcome', models.CharField(blank=True, choices=[('reminded', 'Borrower reminded, will pay'), ('repaid', 'Repaid'), ('extended', 'Extended'), ('visited', 'Visited, in order'), ('claimed', 'Goes to a claim'), ('court', 'Goes to court'), ('other', 'Other')], max_length=10, verbose_name='outcome')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='what was done')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warnings', to='organizations.division')),
                ('loan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='warnings', to='loans.loan')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='warnings', to='organizations.organization')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['opened_on'], name='open_warnings')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('loan__isnull', False)), fields=('kind', 'loan', 'cause'), name='loan_is_warned_of_once'), models.UniqueConstraint(condition=models.Q(('loan', None)), fields=('kind', 'division', 'cause'), name='village_is_warned_of_once'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('outcome', '')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='closed_warning_says_what_came_of_it')],
            },
        ),
        migrations.CreateModel(
            name='ExemptionDecision',
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
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exemptions', to='loans.loan')),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['return', 'reject', 'decline']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='risk_exemptiondecision_against_needs_a_reason', violation_error_message='Please give the reason.'), models.UniqueConstraint(fields=('loan', 'sequence'), name='exemptions_follow_one_another')],
            },
        ),
        migrations.CreateModel(
            name='FundAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('special', 'Special account'), ('contributor', 'Contribution'), ('claims', 'Claims paid'), ('recoveries', 'Recoveries'), ('interest', 'Interest of the account'), ('write_off', 'Written off'), ('external', 'Bank charges')], max_length=12, verbose_name='kind')),
                ('contributor', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account', to='risk.fundcontributor')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='risk.riskfund')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('contributor__isnull', False), ('kind', 'contributor')), models.Q(models.Q(('kind', 'contributor'), _negated=True), ('contributor', None)), _connector='OR'), name='contribution_account_has_its_party'), models.UniqueConstraint(condition=models.Q(('kind', 'contributor'), _negated=True), fields=('fund', 'kind'), name='fund_has_one_account_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='ClaimShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight', models.DecimalField(decimal_places=4, max_digits=9, verbose_name='weight')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='bears (yuan)')),
                ('round', models.PositiveSmallIntegerField()),
                ('position', models.PositiveSmallIntegerField()),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='risk.claim')),
                ('contributor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claim_shares', to='risk.fundcontributor')),
            ],
            options={
                'ordering': ['round', 'position'],
                'constraints': [models.UniqueConstraint(fields=('claim', 'round', 'contributor'), name='party_bears_a_claim_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='claim_share_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='FundShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight', models.DecimalField(decimal_places=4, max_digits=9, verbose_name='weight')),
                ('position', models.PositiveSmallIntegerField()),
                ('contributor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='risk.fundcontributor')),
                ('share_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='risk.fundshareset')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('share_set', 'contributor'), name='party_has_one_share'), models.UniqueConstraint(fields=('share_set', 'position'), name='shares_are_in_one_order'), models.CheckConstraint(condition=models.Q(('weight__gt', 0)), name='share_weighs_something')],
            },
        ),
        migrations.CreateModel(
            name='LoanCategory',
            fields=[
                ('loan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='category', serialize=False, to='loans.loan')),
                ('as_of', models.DateField(verbose_name='as of')),
                ('minimum', models.PositiveSmallIntegerField(choices=[(1, 'Normal'), (2, 'Special mention'), (3, 'Substandard'), (4, 'Doubtful'), (5, 'Loss')], verbose_name='least category')),
                ('approved', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Normal'), (2, 'Special mention'), (3, 'Substandard'), (4, 'Doubtful'), (5, 'Loss')], null=True, verbose_name='judged')),
                ('category', models.PositiveSmallIntegerField(choices=[(1, 'Normal'), (2, 'Special mention'), (3, 'Substandard'), (4, 'Doubtful'), (5, 'Loss')], verbose_name='category')),
            ],
            options={
                'indexes': [models.Index(fields=['category'], name='loans_by_category')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('approved', None), ('category', models.F('minimum'))), models.Q(('approved__gte', models.F('minimum')), ('category', models.F('approved'))), models.Q(('approved__lt', models.F('minimum')), ('category', models.F('minimum'))), _connector='OR'), name='category_is_the_worse_one')],
            },
        ),
        migrations.CreateModel(
            name='LoanClassification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField(verbose_name='as of')),
                ('minimum', models.PositiveSmallIntegerField(choices=[(1, 'Normal'), (2, 'Special mention'), (3, 'Substandard'), (4, 'Doubtful'), (5, 'Loss')], verbose_name='least category')),
                ('category', models.PositiveSmallIntegerField(choices=[(1, 'Normal'), (2, 'Special mention'), (3, 'Substandard'), (4, 'Doubtful'), (5, 'Loss')], verbose_name='category')),
                ('is_judged', models.BooleanField(default=False, verbose_name='judged')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classifications', to='loans.loan')),
            ],
            options={
                'indexes': [models.Index(fields=['loan', '-id'], name='classifications_of_loan')],
                'constraints': [models.CheckConstraint(condition=models.Q(('category__gte', models.F('minimum'))), name='category_is_not_below_the_least'), models.CheckConstraint(condition=models.Q(('is_judged', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='judgement_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='RecoveryShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='gets (yuan)')),
                ('contributor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recovery_shares', to='risk.fundcontributor')),
                ('recovery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='risk.claimrecovery')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('recovery', 'contributor'), name='party_shares_a_recovery_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='recovery_share_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='FundTransfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount (yuan)')),
                ('value_date', models.DateField(verbose_name='day')),
                ('kind', models.CharField(choices=[('deposit', 'Paid in'), ('top_up', 'Topped up'), ('interest', 'Interest credited'), ('charge', 'Bank charge'), ('payout', 'Claim paid'), ('recovery', 'Recovery returned'), ('write_off', 'Written off')], max_length=10, verbose_name='kind')),
                ('transfer_key', models.CharField(db_collation='C', max_length=120, unique=True)),
                ('bank_reference', models.CharField(blank=True, db_collation='C', max_length=60, verbose_name='bank reference')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('recorded_at', models.DateTimeField()),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='risk.claim')),
                ('contributor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='risk.fundcontributor')),
                ('credit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='risk.fundaccount')),
                ('debit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debits', to='risk.fundaccount')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='risk.riskfund')),
            ],
            options={
                'indexes': [models.Index(fields=['fund', 'value_date', 'id'], name='transfers_of_fund')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('debit', models.F('credit')), _negated=True)), name='transfer_moves_something'), models.CheckConstraint(condition=models.Q(('kind', 'write_off'), models.Q(('bank_reference', ''), _negated=True), _connector='OR'), name='bank_transfer_has_its_reference'), models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('kind__in', ['payout', 'recovery', 'write_off'])), models.Q(models.Q(('kind__in', ['payout', 'recovery', 'write_off']), _negated=True), ('claim', None)), _connector='OR'), name='claim_transfer_names_its_claim')],
            },
        ),
        migrations.CreateModel(
            name='FundStatementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value_date', models.DateField(verbose_name='day')),
                ('bank_reference', models.CharField(db_collation='C', max_length=60, verbose_name='bank reference')),
                ('paid_in', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='in (yuan)')),
                ('paid_out', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='out (yuan)')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statement_lines', to='risk.riskfund')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('fund', 'bank_reference'), name='statement_line_is_kept_once'), models.CheckConstraint(condition=models.Q(models.Q(('paid_in__gt', 0), ('paid_out', 0)), models.Q(('paid_in', 0), ('paid_out__gt', 0)), _connector='OR'), name='statement_line_is_in_or_out')],
            },
        ),
        migrations.CreateModel(
            name='TechnicalDelay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='overdue since')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('marked_at', models.DateTimeField()),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='technical_delays', to='loans.loan')),
                ('marked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('loan', 'since'), name='delay_is_marked_once')],
            },
        ),
        migrations.CreateModel(
            name='WatchRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('is_example', models.BooleanField(default=False, verbose_name='example')),
                ('clean_months', models.PositiveSmallIntegerField(verbose_name='clean months before an upgrade')),
                ('maturity_days', models.PositiveSmallIntegerField(verbose_name='warn so many days before maturity')),
                ('visit_days', models.PositiveSmallIntegerField(verbose_name='days without a visit')),
                ('ratio_days', models.PositiveSmallIntegerField(verbose_name="compare a village's share with so many days before")),
                ('ratio_rise_percent', models.DecimalField(decimal_places=4, max_digits=7, verbose_name='rise that warns (percentage points)')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watch_rules', to='organizations.division')),
            ],
            options={
                'ordering': ['-effective_from'],
                'constraints': [models.UniqueConstraint(fields=('division', 'effective_from'), name='watch_rule_begins_once')],
            },
        ),
        migrations.CreateModel(
            name='AccidentInsurance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('insurer', models.CharField(max_length=60, verbose_name='insurer')),
                ('policy_number', models.CharField(db_collation='C', max_length=60, unique=True, verbose_name='policy number')),
                ('cover', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='cover (yuan)')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_to', models.DateField(verbose_name='to')),
                ('recorded_at', models.DateTimeField()),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='insurances', to='loans.loan')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='insurances', to='organizations.person')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('cover__gt', 0), ('valid_to__gt', models.F('valid_from'))), name='insurance_covers_something')],
            },
        ),
        migrations.CreateModel(
            name='BreakerRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('village', 'Village'), ('township', 'Township'), ('outlet', 'Outlet'), ('county', 'County')], max_length=10, verbose_name='level')),
                ('measure', models.CharField(choices=[('npl_ratio', 'Share of bad loans'), ('overdue_ratio', 'Share of overdue loans'), ('compensation_rate', 'Compensation rate'), ('by_decision', 'By decision')], max_length=20, verbose_name='measure')),
                ('limit_percent', models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True, verbose_name='limit (%)')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('is_example', models.BooleanField(default=False, verbose_name='example')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breaker_rules', to='organizations.division')),
            ],
            options={
                'ordering': ['level', 'measure', '-effective_from'],
                'constraints': [models.UniqueConstraint(fields=('division', 'level', 'measure', 'effective_from'), name='breaker_rule_begins_once'), models.CheckConstraint(condition=models.Q(('limit_percent', None), models.Q(('limit_percent__gte', 0), ('limit_percent__lte', 100)), _connector='OR'), name='breaker_limit_is_a_share'), models.CheckConstraint(condition=models.Q(('measure', 'by_decision'), _negated=True), name='breaker_measures_something')],
            },
        ),
        migrations.CreateModel(
            name='ClaimDecision',
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
                ('side', models.CharField(max_length=12)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='risk.claim')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['return', 'reject', 'decline']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='risk_claimdecision_against_needs_a_reason', violation_error_message='Please give the reason.'), models.UniqueConstraint(fields=('claim', 'sequence'), name='claim_decisions_follow_one_another')],
            },
        ),
        migrations.CreateModel(
            name='ClaimPaperEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('paper', models.CharField(choices=[('application', 'Claim form of the lender'), ('contract', 'Loan contract and note'), ('interest_list', 'Interest list'), ('collection', 'Collection record'), ('opinion', 'Opinion of village and township'), ('ledger', 'Repayment ledger'), ('loss_finding', "The lender's finding of the loss")], max_length=14, verbose_name='paper')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='number')),
                ('copies', models.PositiveSmallIntegerField(default=1, verbose_name='copies')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='risk.claim')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('claim', 'round', 'paper'), name='paper_is_ticked_once'), models.CheckConstraint(condition=models.Q(('copies__gt', 0)), name='paper_has_copies')],
            },
        ),
    ]
