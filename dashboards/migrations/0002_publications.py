"""Printed figures of others are kept as they were entered; a slip is withdrawn, an explanation is written once."""

import audit.guards
import django.db.models.deletion
import loans.guards
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('dashboards', '0001_editions'),
        ('loans', '0009_servicing'),
        ('organizations', '0003_money_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('publisher', models.CharField(max_length=80, verbose_name='publisher')),
                ('published_on', models.DateField(verbose_name='published on')),
                ('data_as_of', models.DateField(verbose_name='figures up to')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='where it can be read')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='organizations.division')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'publication',
                'indexes': [models.Index(fields=['division', '-published_on'], name='publications_newest_first')],
                'constraints': [models.CheckConstraint(condition=models.Q(('data_as_of__lte', models.F('published_on'))), name='figures_are_older_than_their_publication', violation_error_message='The figures cannot be newer than the publication.')],
            },
        ),
        migrations.CreateModel(
            name='PrintedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('label', models.CharField(max_length=120, verbose_name='name in print')),
                ('printed', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='printed')),
                ('unit', models.CharField(max_length=20, verbose_name='unit')),
                ('is_at_least', models.BooleanField(default=False, verbose_name='printed as “more than”')),
                ('code', models.CharField(blank=True, max_length=60, verbose_name='figure of this system')),
                ('since', models.DateField(blank=True, null=True, verbose_name='from')),
                ('until', models.DateField(blank=True, null=True, verbose_name='to')),
                ('use', models.CharField(blank=True, choices=[('livestock', 'Livestock'), ('crops', 'Crops'), ('other', 'Other business')], max_length=20, verbose_name='use of the loan')),
                ('band', models.CharField(blank=True, choices=[('up_to_50000', '50,000 yuan or less'), ('above_50000', 'More than 50,000 yuan')], max_length=20, verbose_name='size of the loan')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='why it cannot be compared')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.division')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='dashboards.publication')),
            ],
            options={
                'verbose_name': 'printed figure',
                'ordering': ['publication', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), models.Q(('code', ''), _negated=True)), models.Q(('code', ''), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='printed_figure_is_comparable_or_says_why_not', violation_error_message='Please choose a figure to compare with, or say why there is none.'), models.CheckConstraint(condition=models.Q(('since', None), ('until', None), ('until__gte', models.F('since')), _connector='OR'), name='printed_figure_speaks_of_a_time_forwards', violation_error_message='The last day lies before the first.'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='printed_figure_is_withdrawn_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='FigureExplanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('recomputed', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='recomputed')),
                ('text', models.CharField(max_length=300, verbose_name='explanation')),
                ('explained_at', models.DateTimeField(verbose_name='explained at')),
                ('explained_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('figure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='dashboards.printedfigure')),
            ],
            options={
                'verbose_name': 'explanation of a difference',
                'ordering': ['figure', 'pk'],
            },
        ),
        loans.guards.KeepRows(
            table='dashboards_printedfigure',
            changeable=('withdrawn_at', 'withdrawn_by_id'),
        ),
        audit.guards.AppendOnly(
            table='dashboards_publication',
        ),
        audit.guards.AppendOnly(
            table='dashboards_figureexplanation',
        ),
    ]
