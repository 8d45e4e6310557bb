import audit.guards
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('files', '0002_written_once'),
        ('loans', '0009_servicing'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='CollectionAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('phone', 'Telephone call'), ('notice', 'Written demand'), ('visit', 'Visit to collect'), ('lawsuit', 'Lawsuit')], max_length=8, verbose_name='kind')),
                ('done_on', models.DateField(verbose_name='day')),
                ('reached', models.CharField(choices=[('borrower', 'The borrower'), ('family', 'A member of the household'), ('other', 'Somebody else'), ('nobody', 'Nobody')], max_length=8, verbose_name='reached')),
                ('promise_date', models.DateField(blank=True, null=True, verbose_name='promised by')),
                ('promise_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='promised (yuan)')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('recorded_at', models.DateTimeField()),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collection_acts', to='loans.loan')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.attachment')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'collection step',
                'indexes': [models.Index(fields=['loan', 'done_on'], name='collection_of_loan')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('promise_amount', None), ('promise_date', None)), models.Q(('promise_amount__gt', 0), ('promise_date__gte', models.F('done_on'))), _connector='OR'), name='promise_has_day_and_amount'), models.CheckConstraint(condition=models.Q(models.Q(('reached', 'nobody'), _negated=True), ('promise_date', None), _connector='OR'), name='nobody_promises_nothing')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('side', models.CharField(choices=[('branch', 'Party branch'), ('lender', 'Lender')], max_length=6, verbose_name='visited by')),
                ('visited_on', models.DateField(verbose_name='day of the visit')),
                ('person_key', models.CharField(max_length=30)),
                ('use_of_funds', models.CharField(choices=[('as_agreed', 'Used as agreed'), ('partly', 'Partly used for something else'), ('misused', 'Misused')], max_length=10, verbose_name='use of the money')),
                ('business', models.CharField(choices=[('good', 'Going well'), ('fair', 'Going as usual'), ('poor', 'In difficulty'), ('stopped', 'Given up')], max_length=8, verbose_name='business')),
                ('outlook', models.CharField(choices=[('sure', 'Can repay on time'), ('doubtful', 'Repayment on time is doubtful'), ('unlikely', 'Cannot repay on time')], max_length=8, verbose_name='repayment outlook')),
                ('findings', models.TextField(blank=True, max_length=1000, verbose_name='findings')),
                ('recorded_at', models.DateTimeField()),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='loans.visit')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='loans.loan')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('visitor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'visit after lending',
                'indexes': [models.Index(fields=['loan', 'side', '-visited_on'], name='visits_of_loan')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('business__in', ['good', 'fair']), ('outlook', 'sure'), ('use_of_funds', 'as_agreed')), models.Q(('findings', ''), _negated=True), _connector='OR'), name='visit_says_what_is_wrong')],
            },
        ),
        migrations.CreateModel(
            name='VisitPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visit_photos', to='files.attachment')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shots', to='loans.visit')),
            ],
            options={
                'ordering': ['visit', 'position'],
                'constraints': [models.UniqueConstraint(fields=('visit', 'position'), name='photo_has_its_place'), models.UniqueConstraint(fields=('visit', 'attachment'), name='photo_is_shown_once')],
            },
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='first_visit_days',
            field=models.PositiveSmallIntegerField(default=30, verbose_name='first visit within (days)'),
        ),
        migrations.AddField(
            model_name='programmeversion',
            name='visit_every_days',
            field=models.PositiveSmallIntegerField(default=90, verbose_name='further visits every (days)'),
        ),
        migrations.AddConstraint(
            model_name='programmeversion',
            constraint=models.CheckConstraint(condition=models.Q(('first_visit_days__gt', 0), ('visit_every_days__gt', 0)), name='version_visits_come_again'),
        ),
        migrations.AddField(
            model_name='visit',
            name='photos',
            field=models.ManyToManyField(related_name='+', through='loans.VisitPhoto', to='files.attachment'),
        ),
        audit.guards.AppendOnly(
            table='loans_visit',
        ),
        audit.guards.AppendOnly(
            table='loans_visitphoto',
        ),
        audit.guards.AppendOnly(
            table='loans_collectionact',
        ),
    ]
