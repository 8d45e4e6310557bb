import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('jobs', '0001_job'),
        ('loans', '0012_visits'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatementImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outlet_path', models.CharField(db_collation='C', max_length=255)),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('sha256', models.CharField(db_collation='C', max_length=64)),
                ('state', models.CharField(choices=[('read', 'To be checked'), ('posting', 'Being booked'), ('posted', 'Booked'), ('discarded', 'Discarded')], default='read', max_length=10, verbose_name='state')),
                ('uploaded_at', models.DateTimeField(verbose_name='uploaded at')),
                ('posted_at', models.DateTimeField(blank=True, null=True, verbose_name='booked at')),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='jobs.job')),
                ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='organizations.organization')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'bank statement',
                'indexes': [models.Index(fields=['outlet_path', '-uploaded_at'], name='statements_of_outlet')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'discarded'), _negated=True), fields=('outlet', 'sha256'), name='statement_is_taken_in_once'), models.CheckConstraint(condition=models.Q(('state__in', ['read', 'discarded']), ('job__isnull', False), _connector='OR'), name='statement_is_booked_by_a_job')],
            },
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row_number', models.PositiveIntegerField(verbose_name='row')),
                ('cells', models.JSONField(default=dict)),
                ('contract_number', models.CharField(blank=True, db_collation='C', max_length=40, verbose_name='contract number')),
                ('bank_reference', models.CharField(blank=True, db_collation='C', max_length=60, verbose_name='bank reference')),
                ('value_date', models.DateField(blank=True, null=True, verbose_name='day')),
                ('kind', models.CharField(blank=True, choices=[('repayment', 'Repayment'), ('prepayment', 'Early repayment'), ('settlement', 'Settlement'), ('reversal', 'Reversal')], max_length=10, verbose_name='kind')),
                ('principal', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='principal (yuan)')),
                ('interest', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='interest (yuan)')),
                ('penalty', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='penalty interest (yuan)')),
                ('line_key', models.CharField(db_collation='C', max_length=64)),
                ('outcome', models.CharField(choices=[('new', 'New'), ('known', 'In the ledger already'), ('altered', 'Altered'), ('unknown', 'No such contract'), ('faulty', 'Faulty'), ('booked', 'Booked'), ('refused', 'Not bookable')], max_length=10, verbose_name='result')),
                ('problems', models.JSONField(default=list)),
                ('refusal', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('principal_difference', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ('interest_difference', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ('penalty_difference', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ('is_different', models.BooleanField(default=False)),
                ('clarified_at', models.DateTimeField(blank=True, null=True, verbose_name='clarified at')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='how it was clarified')),
                ('clarified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('loan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statement_lines', to='loans.loan')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='loans.statementimport')),
            ],
            options={
                'verbose_name': 'line of a bank statement',
                'indexes': [models.Index(condition=models.Q(models.Q(('outcome__in', ('altered', 'unknown', 'faulty', 'refused')), ('is_different', True), _connector='OR'), ('clarified_at', None)), fields=['statement', 'row_number'], name='statement_lines_to_clarify')],
                'constraints': [models.UniqueConstraint(fields=('statement', 'row_number'), name='row_of_a_statement_is_kept_once'), models.UniqueConstraint(condition=models.Q(('outcome', 'booked')), fields=('line_key',), name='line_books_once'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'booked'), _negated=True), ('loan__isnull', False), _connector='OR'), name='booked_line_has_its_loan'), models.CheckConstraint(condition=models.Q(models.Q(('clarified_at', None), ('clarified_by', None), ('note', '')), models.Q(('clarified_at__isnull', False), ('clarified_by__isnull', False), models.Q(('note', ''), _negated=True)), _connector='OR'), name='clarified_line_says_who_and_how')],
            },
        ),
    ]
