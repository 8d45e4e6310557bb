import audit.guards
import django.db.models.deletion
import loans.guards
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('files', '0002_written_once'),
        ('loans', '0018_eligibility'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='CasePaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='paper')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('part', models.PositiveSmallIntegerField(default=1)),
                ('step', models.CharField(choices=[('intake', 'Application'), ('referral', 'Member referral'), ('branch_review', 'Branch review'), ('public_notice', 'Public notice'), ('committee_filing', 'Committee filing'), ('subsidy_confirmation', 'Government interest subsidy'), ('disbursement', 'Credit-union disbursement'), ('assessment', 'Organisational assessment')], max_length=30, verbose_name='step')),
                ('side', models.CharField(choices=[('making', 'Making'), ('branch', 'Branch'), ('committee', 'Committee'), ('finance', 'Finance'), ('lender', 'Lender'), ('consent', 'Consent'), ('assessment', 'Assessment')], max_length=12)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='loans.application')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='case_papers', to='files.attachment')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='loans.requireddocument')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='loans.casepaper')),
            ],
            options={
                'verbose_name': 'paper of a case',
                'indexes': [models.Index(fields=['application', 'position'], name='papers_of_case')],
                'constraints': [models.UniqueConstraint(fields=('request_id', 'part'), name='paper_is_sent_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='paper_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='CasePaperSeen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seen', to='loans.casepaper')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('paper', 'account'), name='paper_is_seen_once_by_an_account')],
            },
        ),
        migrations.CreateModel(
            name='MissingPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('written_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='missing_papers', to='loans.application')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.requireddocument')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['application', '-written_at'], name='missing_papers_of_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='missing_paper_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='PaperWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('withdrawn_at', models.DateTimeField()),
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='loans.casepaper')),
                ('withdrawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='requireddocument',
            name='is_blocking',
            field=models.BooleanField(default=False, verbose_name='must be there to submit'),
        ),
        loans.guards.KeepRows(
            table='loans_casepaper',
            changeable=('position',),
        ),
        audit.guards.AppendOnly(
            table='loans_paperwithdrawal',
        ),
        audit.guards.AppendOnly(
            table='loans_casepaperseen',
        ),
        audit.guards.AppendOnly(
            table='loans_missingpaper',
        ),
    ]
