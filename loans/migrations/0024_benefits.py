"""Benefits of an honour at the next loan; queues put the cases with priority first."""

import audit.guards
import django.db.models.deletion
import django.db.models.functions.comparison
import loans.guards
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('loans', '0023_escalations'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='BorrowerBenefit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('priority', 'Priority in the queues'), ('limit_uplift', 'Higher limit'), ('rate_reduction', 'Lower rate')], max_length=14, verbose_name='benefit')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='above the class (yuan)')),
                ('points', models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True, verbose_name='percentage points off')),
                ('floor_multiplier', models.DecimalField(blank=True, decimal_places=4, max_digits=6, null=True, verbose_name='never below (times the benchmark)')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='to')),
                ('source', models.CharField(max_length=120, verbose_name='source')),
                ('document_number', models.CharField(max_length=60, verbose_name='document number')),
                ('granted_at', models.DateTimeField()),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='benefits', to='organizations.entity')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='benefits', to='organizations.household')),
            ],
            options={
                'verbose_name': 'benefit of a borrower',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('entity', None), ('household__isnull', False)), models.Q(('entity__isnull', False), ('household', None)), _connector='OR'), name='benefit_has_one_owner'), models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('floor_multiplier', None), ('kind', 'priority'), ('points', None)), models.Q(('amount__gt', 0), ('floor_multiplier', None), ('kind', 'limit_uplift'), ('points', None)), models.Q(('amount', None), ('floor_multiplier__gt', 0), ('kind', 'rate_reduction'), ('points__gt', 0)), _connector='OR'), name='benefit_says_how_much'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='benefit_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_by', None), ('ended_on', None)), models.Q(('ended_by__isnull', False), ('ended_on__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='ended_benefit_says_who_and_why'), models.UniqueConstraint(condition=models.Q(('ended_on', None), ('entity', None)), fields=('household', 'kind', 'valid_from'), name='household_has_a_benefit_once'), models.UniqueConstraint(condition=models.Q(('ended_on', None), ('household', None)), fields=('entity', 'kind', 'valid_from'), name='body_has_a_benefit_once')],
            },
        ),
        migrations.CreateModel(
            name='UsedBenefit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('used_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='used_benefits', to='loans.application')),
                ('benefit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='loans.borrowerbenefit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('application', 'benefit'), name='benefit_is_used_once_by_a_case')],
            },
        ),
        migrations.RemoveIndex(
            model_name='application',
            name='queue_by_branch',
        ),
        migrations.RemoveIndex(
            model_name='application',
            name='queue_by_division',
        ),
        migrations.RemoveIndex(
            model_name='application',
            name='queue_by_outlet',
        ),
        migrations.AddField(
            model_name='application',
            name='is_priority',
            field=models.BooleanField(default=False, verbose_name='handled first'),
        ),
        migrations.AddField(
            model_name='application',
            name='limit_uplift',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='above the class (yuan)'),
        ),
        migrations.AddField(
            model_name='application',
            name='rate_floor_multiplier',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=6, null=True, verbose_name='never below (times the benchmark)'),
        ),
        migrations.AddField(
            model_name='application',
            name='rate_points_off',
            field=models.DecimalField(decimal_places=4, default=0, max_digits=7, verbose_name='percentage points off'),
        ),
        migrations.AlterField(
            model_name='issuedpaper',
            name='kind',
            field=models.CharField(choices=[('application_form', 'Application and approval form'), ('referral_letter', 'Referral letter'), ('branch_resolution', 'Branch resolution'), ('public_notice', 'Public notice'), ('filing_form', 'Filing form'), ('subsidy_approval', 'Subsidy approval form'), ('disbursement_notice', 'Notice of disbursement'), ('assessment_form', 'Assessment form'), ('dossier', 'Dossier'), ('award_certificate', 'Certificate of a model household')], max_length=30, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='papernumber',
            name='kind',
            field=models.CharField(choices=[('application_form', 'Application and approval form'), ('referral_letter', 'Referral letter'), ('branch_resolution', 'Branch resolution'), ('public_notice', 'Public notice'), ('filing_form', 'Filing form'), ('subsidy_approval', 'Subsidy approval form'), ('disbursement_notice', 'Notice of disbursement'), ('assessment_form', 'Assessment form'), ('dossier', 'Dossier'), ('award_certificate', 'Certificate of a model household')], max_length=30),
        ),
        migrations.AddField(
            model_name='application',
            name='queue_date',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(is_priority=True, then=django.db.models.functions.comparison.Least('due_date', 'state_since')), default=models.F('due_date')), output_field=models.DateField(null=True)),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('state__in', ['open', 'returned'])), fields=['step', 'branch_path', 'queue_date', 'id'], name='queue_by_branch'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('state__in', ['open', 'returned'])), fields=['step', 'division_path', 'queue_date', 'id'], name='queue_by_division'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('state__in', ['open', 'returned'])), fields=['step', 'outlet_path', 'queue_date', 'id'], name='queue_by_outlet'),
        ),
        loans.guards.KeepRows(
            table='loans_borrowerbenefit',
            changeable=('ended_on', 'ended_by_id', 'end_reason'),
        ),
        audit.guards.AppendOnly(
            table='loans_usedbenefit',
        ),
    ]
