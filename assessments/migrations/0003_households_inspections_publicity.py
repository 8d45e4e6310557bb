"""Model households, random inspections with their problems, and the log of publicity."""

import audit.guards
import django.contrib.postgres.fields
import django.db.models.deletion
import loans.guards
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('assessments', '0002_written_once'),
        ('files', '0002_written_once'),
        ('loans', '0024_benefits'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProblemCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True)),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='category')),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='AwardScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('document_number', models.CharField(max_length=60, verbose_name='document number')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('notice_days', models.PositiveSmallIntegerField(verbose_name='days of notice')),
                ('review_months', models.PositiveSmallIntegerField(verbose_name='reviewed again after (months)')),
                ('supported_purposes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('crops', 'Crops'), ('livestock', 'Livestock'), ('processing', 'Processing'), ('tourism', 'Tourism'), ('other_business', 'Other business'), ('consumption', 'Consumption')], max_length=20), size=None, verbose_name='supported industries')),
                ('gives_priority', models.BooleanField(default=True, verbose_name='priority in the queues')),
                ('limit_uplift', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='above the class (yuan)')),
                ('rate_points_off', models.DecimalField(decimal_places=4, default=0, max_digits=7, verbose_name='percentage points off')),
                ('rate_floor_multiplier', models.DecimalField(decimal_places=4, default=1, max_digits=6, verbose_name='never below (times the benchmark)')),
                ('is_example', models.BooleanField(default=False, verbose_name='figures are examples')),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='award_schemes', to='organizations.division')),
            ],
            options={
                'verbose_name': 'award scheme',
                'constraints': [models.UniqueConstraint(fields=('division', 'effective_from'), name='one_award_scheme_begins_on_a_day'), models.CheckConstraint(condition=models.Q(('limit_uplift__gte', 0), ('notice_days__gt', 0), ('rate_floor_multiplier__gt', 0), ('rate_points_off__gte', 0), ('review_months__gt', 0)), name='award_scheme_has_sound_figures')],
            },
        ),
        migrations.CreateModel(
            name='HouseholdHonour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_collation='C', max_length=40, unique=True, verbose_name='number')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('title', models.CharField(choices=[('party', 'Party member model household'), ('model', 'Model household')], max_length=8, verbose_name='title')),
                ('purpose', models.CharField(choices=[('crops', 'Crops'), ('livestock', 'Livestock'), ('processing', 'Processing'), ('tourism', 'Tourism'), ('other_business', 'Other business'), ('consumption', 'Consumption')], max_length=20, verbose_name='industry')),
                ('branch_path', models.CharField(db_collation='C', max_length=255)),
                ('division_path', models.CharField(db_collation='C', max_length=12)),
                ('outlet_path', models.CharField(db_collation='C', max_length=255)),
                ('state', models.CharField(choices=[('returned', 'Returned for correction'), ('to_rate', 'To be rated by the credit union'), ('to_review', 'To be reviewed by the organisation department'), ('in_notice', 'In public notice'), ('awarded', 'Title awarded'), ('withdrawn', 'Title withdrawn'), ('refused', 'Not awarded')], default='to_rate', max_length=10)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('sequence', models.PositiveSmallIntegerField(default=0)),
                ('notice_from', models.DateField(blank=True, null=True, verbose_name='notice from')),
                ('notice_to', models.DateField(blank=True, null=True, verbose_name='notice to')),
                ('award_number', models.CharField(blank=True, db_collation='C', max_length=40, verbose_name='certificate number')),
                ('awarded_on', models.DateField(blank=True, null=True, verbose_name='awarded on')),
                ('review_due', models.DateField(blank=True, null=True, verbose_name='to be reviewed by')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='withdrawn on')),
                ('created_at', models.DateTimeField()),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization', verbose_name='branch')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='honours', to='organizations.division', verbose_name='village')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='honours', to='organizations.household')),
                ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization', verbose_name='outlet')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='honours', to='organizations.person', verbose_name='borrower')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='honours', to='assessments.awardscheme')),
            ],
            options={
                'verbose_name': 'model household',
                'indexes': [models.Index(fields=['state', 'review_due'], name='honours_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['refused', 'withdrawn']), _negated=True), fields=('household',), name='household_has_one_honour'), models.UniqueConstraint(condition=models.Q(('award_number', ''), _negated=True), fields=('award_number',), name='certificate_number_is_given_once'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['awarded', 'withdrawn']), _negated=True), models.Q(('awarded_on__isnull', False), ('review_due__isnull', False), models.Q(('award_number', ''), _negated=True)), _connector='OR'), name='awarded_honour_is_complete'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_on__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_on', None)), _connector='OR'), name='withdrawn_honour_has_its_day'), models.CheckConstraint(condition=models.Q(models.Q(('notice_from', None), ('notice_to', None)), ('notice_to__gte', models.F('notice_from')), _connector='OR'), name='honour_notice_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='HonourObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('raised_by', models.CharField(blank=True, max_length=60, verbose_name='raised by')),
                ('text', models.TextField(max_length=1000, verbose_name='objection')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('state', models.CharField(choices=[('open', 'Being examined'), ('upheld', 'Upheld'), ('dismissed', 'Not upheld')], default='open', max_length=10)),
                ('recorded_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('finding', models.CharField(blank=True, max_length=500, verbose_name='finding')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('honour', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='assessments.householdhonour')),
            ],
            options={
                'ordering': ['honour', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finding', ''), ('settled_at', None), ('settled_by', None), ('state', 'open')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), ('state__in', ['upheld', 'dismissed']), models.Q(('finding', ''), _negated=True)), _connector='OR'), name='settled_honour_objection_says_who_and_why')],
            },
        ),
        migrations.CreateModel(
            name='HonourDecision',
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
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('honour', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='assessments.householdhonour')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['return', 'reject', 'decline']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='assessments_honourdecision_against_needs_a_reason', violation_error_message='Please give the reason.'), models.UniqueConstraint(fields=('honour', 'sequence'), name='honour_decisions_follow_one_another')],
            },
        ),
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_collation='C', max_length=40, unique=True, verbose_name='number')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('seed', models.CharField(max_length=40, verbose_name='seed number')),
                ('method', models.CharField(max_length=20, verbose_name='method')),
                ('population', models.TextField()),
                ('population_count', models.PositiveIntegerField(verbose_name='loans to draw from')),
                ('population_hash', models.CharField(db_collation='C', max_length=64, verbose_name='hash of the list')),
                ('sample_size', models.PositiveSmallIntegerField(verbose_name='loans drawn')),
                ('as_of', models.DateField(verbose_name='loans as of')),
                ('drawn_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('conclusion', models.TextField(blank=True, max_length=2000, verbose_name='conclusion')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='organizations.division')),
                ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'random inspection',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('conclusion', '')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), models.Q(('conclusion', ''), _negated=True)), _connector='OR'), name='closed_inspection_says_who_and_what')],
            },
        ),
        migrations.CreateModel(
            name='InspectionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('digest', models.CharField(db_collation='C', max_length=64)),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='assessments.inspection')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspection_items', to='loans.loan')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.division')),
            ],
            options={
                'ordering': ['inspection', 'position'],
                'constraints': [models.UniqueConstraint(fields=('inspection', 'loan'), name='loan_is_drawn_once'), models.UniqueConstraint(fields=('inspection', 'position'), name='drawn_loans_follow_one_another')],
            },
        ),
        migrations.CreateModel(
            name='QuestionSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('kind', models.CharField(choices=[('interview', 'Interview at home'), ('on_site', 'Look at the project on site'), ('questionnaire', 'Questionnaire')], max_length=14, verbose_name='form')),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('questions', models.JSONField()),
            ],
            options={
                'ordering': ['code', 'version'],
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='sheet_version_is_used_once')],
            },
        ),
        migrations.CreateModel(
            name='InspectionAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('visited_on', models.DateField(verbose_name='day of the visit')),
                ('answers', models.JSONField()),
                ('findings', models.TextField(blank=True, max_length=1000, verbose_name='findings')),
                ('recorded_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='assessments.inspectionitem')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='assessments.questionsheet')),
            ],
            options={
                'ordering': ['item', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='InspectionPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shots', to='assessments.inspectionanswer')),
                ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.attachment')),
            ],
            options={
                'ordering': ['answer', 'position'],
            },
        ),
        migrations.CreateModel(
            name='PublicityEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('channel', models.CharField(choices=[('meeting', 'Meeting'), ('board', 'Notice board'), ('mobile', 'Mobile phone paper'), ('broadcast', 'Radio and television'), ('leaflet', 'Leaflets handed out'), ('night_school', 'Financial night school'), ('training', 'Training')], max_length=14, verbose_name='channel')),
                ('held_on', models.DateField(verbose_name='day')),
                ('place', models.CharField(max_length=80, verbose_name='place')),
                ('topic', models.CharField(max_length=120, verbose_name='topic')),
                ('attendance', models.PositiveIntegerField(verbose_name='people reached')),
                ('copies', models.PositiveIntegerField(default=0, verbose_name='copies handed out')),
                ('recorded_at', models.DateTimeField()),
                ('struck_at', models.DateTimeField(blank=True, null=True)),
                ('strike_reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.division', verbose_name='township or village')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('struck_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'publicity event',
                'indexes': [models.Index(fields=['-held_on', '-id'], name='publicity_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('strike_reason', ''), ('struck_at', None), ('struck_by', None)), models.Q(('struck_at__isnull', False), ('struck_by__isnull', False), models.Q(('strike_reason', ''), _negated=True)), _connector='OR'), name='struck_event_says_who_and_why')],
            },
        ),
        migrations.CreateModel(
            name='PublicityPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.attachment')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shots', to='assessments.publicityevent')),
            ],
            options={
                'ordering': ['event', 'position'],
            },
        ),
        migrations.CreateModel(
            name='ReportedProblem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_collation='C', max_length=40, unique=True, verbose_name='number')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField(max_length=1000, verbose_name='problem')),
                ('division_path', models.CharField(db_collation='C', max_length=12)),
                ('due_date', models.DateField(verbose_name='deadline')),
                ('state', models.CharField(choices=[('open', 'Being solved'), ('escalated', 'Reported upwards'), ('solved', 'Solved')], default='open', max_length=10)),
                ('escalated_to', models.CharField(blank=True, choices=[('prefecture', 'Organisation department of the prefecture'), ('province', 'Organisation department of the province')], max_length=10, verbose_name='reported to')),
                ('has_reply', models.BooleanField(default=False, verbose_name='answered from above')),
                ('solved_on', models.DateField(blank=True, null=True, verbose_name='solved on')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('sequence', models.PositiveSmallIntegerField(default=0)),
                ('reported_at', models.DateTimeField()),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='assessments.problemcategory')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.division', verbose_name='place')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='assessments.inspectionitem')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization', verbose_name='owner')),
                ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'problem',
                'indexes': [models.Index(fields=['state', 'due_date', 'id'], name='problems_by_deadline')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('solved_on__isnull', False), ('state', 'solved')), models.Q(models.Q(('state', 'solved'), _negated=True), ('solved_on', None)), _connector='OR'), name='solved_problem_has_its_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'escalated'), _negated=True), models.Q(('escalated_to', ''), _negated=True), _connector='OR'), name='escalated_problem_says_to_whom')],
            },
        ),
        migrations.CreateModel(
            name='ProblemStep',
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
                ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='assessments.reportedproblem')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['return', 'reject', 'decline']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='assessments_problemstep_against_needs_a_reason', violation_error_message='Please give the reason.'), models.UniqueConstraint(fields=('problem', 'sequence'), name='problem_steps_follow_one_another')],
            },
        ),
        migrations.AddField(
            model_name='inspectionanswer',
            name='photos',
            field=models.ManyToManyField(related_name='+', through='assessments.InspectionPhoto', to='files.attachment'),
        ),
        migrations.AddField(
            model_name='publicityevent',
            name='photos',
            field=models.ManyToManyField(related_name='+', through='assessments.PublicityPhoto', to='files.attachment'),
        ),
        audit.guards.AppendOnly(
            table='assessments_awardscheme',
        ),
        audit.guards.AppendOnly(
            table='assessments_honourdecision',
        ),
        audit.guards.AppendOnly(
            table='assessments_questionsheet',
        ),
        audit.guards.AppendOnly(
            table='assessments_inspectionitem',
        ),
        audit.guards.AppendOnly(
            table='assessments_inspectionanswer',
        ),
        audit.guards.AppendOnly(
            table='assessments_inspectionphoto',
        ),
        audit.guards.AppendOnly(
            table='assessments_problemstep',
        ),
        audit.guards.AppendOnly(
            table='assessments_publicityphoto',
        ),
        loans.guards.KeepRows(
            table='assessments_honourobjection',
            changeable=('state', 'settled_by_id', 'settled_at', 'finding'),
        ),
        loans.guards.KeepRows(
            table='assessments_inspection',
            changeable=('closed_by_id', 'closed_at', 'conclusion'),
        ),
        loans.guards.KeepRows(
            table='assessments_publicityevent',
            changeable=('struck_by_id', 'struck_at', 'strike_reason'),
        ),
    ]
