import django.db.models.deletion
import loans.guards
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('loans', '0019_papers'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(db_collation='C', max_length=50, unique=True, verbose_name='number')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('members', "Branch members' meeting"), ('committee', 'Branch committee meeting'), ('representatives', "Meeting of members' representatives")], max_length=16, verbose_name='kind of meeting')),
                ('held_at', models.DateTimeField(verbose_name='time')),
                ('place', models.CharField(max_length=100, verbose_name='place')),
                ('topic', models.CharField(max_length=200, verbose_name='topic')),
                ('discussion', models.TextField(blank=True, max_length=4000, verbose_name='discussion')),
                ('members_total', models.PositiveSmallIntegerField(default=0, verbose_name='members')),
                ('full_members_total', models.PositiveSmallIntegerField(default=0, verbose_name='full members')),
                ('state', models.CharField(choices=[('open', 'In preparation'), ('closed', 'Closed')], default='open', max_length=8)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='organizations.organization', verbose_name='branch')),
                ('chair', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.partymember', verbose_name='chair')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.partymember', verbose_name='recorder')),
            ],
            options={
                'verbose_name': 'branch meeting',
                'indexes': [models.Index(fields=['branch', '-held_at'], name='meetings_of_branch')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('chair__isnull', False), ('closed_at__isnull', False), ('closed_by__isnull', False), ('recorder__isnull', False), models.Q(('place', ''), _negated=True), models.Q(('discussion', ''), _negated=True)), _connector='OR'), name='closed_meeting_has_its_record'), models.CheckConstraint(condition=models.Q(('full_members_total__lte', models.F('members_total'))), name='full_members_are_members')],
            },
        ),
        migrations.CreateModel(
            name='MeetingAttendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_called', models.BooleanField(default=True)),
                ('has_vote', models.BooleanField()),
                ('is_present', models.BooleanField(default=False, verbose_name='present')),
                ('reason', models.CharField(blank=True, max_length=100, verbose_name='reason of absence')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='loans.meeting')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.partymember')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('meeting', 'member'), name='member_is_listed_once')],
            },
        ),
        migrations.CreateModel(
            name='MeetingItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('case_revision', models.PositiveIntegerField()),
                ('in_favour', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='in favour')),
                ('against', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='against')),
                ('abstained', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='abstained')),
                ('discussion', models.TextField(blank=True, max_length=1000, verbose_name='discussion')),
                ('plan_is_sound', models.BooleanField(default=False, verbose_name='business plan is sound')),
                ('prospects_are_good', models.BooleanField(default=False, verbose_name='prospects of the project are good')),
                ('credit_is_good', models.BooleanField(default=False, verbose_name='personal credit is good')),
                ('can_repay', models.BooleanField(default=False, verbose_name='able to repay')),
                ('outcome', models.CharField(choices=[('open', 'Not voted on yet'), ('pass', 'Agreed'), ('reject', 'Not agreed'), ('postponed', 'Postponed')], default='open', max_length=9)),
                ('failure', models.CharField(blank=True, max_length=500)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meeting_items', to='loans.application')),
                ('decision', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meeting_item', to='loans.applicationdecision')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='loans.meeting')),
            ],
            options={
                'ordering': ['meeting', 'position'],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'application'), name='case_is_on_an_agenda_once'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['pass', 'reject']), _negated=True), models.Q(('abstained__isnull', False), ('against__isnull', False), ('in_favour__isnull', False)), _connector='OR'), name='decided_item_has_its_count')],
            },
        ),
        migrations.CreateModel(
            name='MeetingRecusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('applicant', 'The applicant himself'), ('representative', 'Representative of the borrowing body'), ('household', "Of the applicant's household"), ('served', 'Of a household that the loan serves'), ('introducer', 'Introducer of the applicant'), ('relative', 'Relative of the applicant')], max_length=14, verbose_name='cause')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='loans.meetingitem')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.partymember')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'member'), name='member_is_recused_once')],
            },
        ),
        loans.guards.FreezeClosedMeetings(
        ),
    ]
