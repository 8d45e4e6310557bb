import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Division',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=12, unique=True, verbose_name='code')),
                ('path', models.CharField(db_collation='C', db_index=True, editable=False, max_length=12)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('short_name', models.CharField(max_length=60, verbose_name='short name')),
                ('level', models.CharField(choices=[('province', 'Province'), ('prefecture', 'Prefecture'), ('county', 'County'), ('township', 'Township'), ('village', 'Village')], max_length=12, verbose_name='level')),
                ('kind', models.CharField(blank=True, choices=[('village', 'Administrative village'), ('community', 'Community')], max_length=12, verbose_name='kind')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organizations.division')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='organizations.division')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^\\d{12}$')), name='division_code_has_twelve_digits', violation_error_message='A division code has twelve digits.'), models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='division_ends_after_it_begins', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=30, unique=True, verbose_name='household number')),
                ('address', models.CharField(blank=True, max_length=100, verbose_name='group and house number')),
                ('poor_from', models.DateField(blank=True, null=True, verbose_name='registered poor from')),
                ('poor_to', models.DateField(blank=True, null=True, verbose_name='registered poor to')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='households', to='organizations.division')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('poor_to', None), ('poor_to__gte', models.F('poor_from')), _connector='OR'), name='household_stops_being_poor_after_it_began', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('pinyin', models.CharField(db_collation='C', db_index=True, editable=False, max_length=300)),
                ('initials', models.CharField(db_collation='C', db_index=True, editable=False, max_length=60)),
                ('id_number_sealed', models.BinaryField(null=True)),
                ('id_number_index', models.BinaryField(max_length=32, null=True, unique=True)),
                ('id_number_masked', models.CharField(blank=True, editable=False, max_length=18, verbose_name='ID number')),
                ('id_number_last_four', models.CharField(blank=True, db_index=True, editable=False, max_length=4)),
                ('phone_sealed', models.BinaryField(null=True)),
                ('phone_masked', models.CharField(blank=True, editable=False, max_length=20, verbose_name='phone')),
                ('sex', models.CharField(choices=[('male', 'Male'), ('female', 'Female')], max_length=6, verbose_name='sex')),
                ('birth_date', models.DateField(verbose_name='birth date')),
                ('ethnic_group', models.CharField(choices=[('HA', 'Han'), ('BA', 'Bai'), ('YI', 'Yi'), ('LS', 'Lisu'), ('NX', 'Naxi'), ('PM', 'Pumi'), ('ZA', 'Tibetan'), ('HU', 'Hui'), ('DA', 'Dai'), ('MH', 'Miao'), ('QT', 'Other')], default='BA', max_length=2, verbose_name='ethnic group')),
                ('relation', models.CharField(choices=[('head', 'Head of household'), ('spouse', 'Spouse'), ('child', 'Child'), ('parent', 'Parent'), ('other', 'Other member')], default='head', max_length=8, verbose_name='relation to head')),
                ('pinyin_is_manual', models.BooleanField(default=False)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='organizations.division', verbose_name='village')),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='organizations.household', verbose_name='household')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('relation', 'head')), fields=('household',), name='household_has_one_head', violation_error_message='This household already has a head.')],
            },
        ),
        migrations.CreateModel(
            name='PartyMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('full', 'Full member'), ('probationary', 'Probationary member')], max_length=12, verbose_name='status')),
                ('standing', models.CharField(choices=[('good', 'In good standing'), ('warned', 'Under disciplinary warning'), ('on_probation', 'Kept in the Party on probation'), ('left', 'No longer a member')], default='good', max_length=12, verbose_name='standing')),
                ('joined_on', models.DateField(verbose_name='joined on')),
                ('full_from', models.DateField(blank=True, null=True, verbose_name='full member from')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='left on')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='party_member', to='organizations.person')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'full'), _negated=True), ('full_from__isnull', False), _connector='OR'), name='full_member_has_the_date', violation_error_message='A full member needs the date of full membership.'), models.CheckConstraint(condition=models.Q(('left_on', None), ('left_on__gte', models.F('joined_on')), _connector='OR'), name='member_leaves_after_joining', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=255, unique=True)),
                ('depth', models.PositiveIntegerField()),
                ('numchild', models.PositiveIntegerField(default=0)),
                ('kind', models.CharField(choices=[('county_party_committee', 'County Party committee'), ('organisation_department', 'Organisation department'), ('party_working_committee', 'Party working committee'), ('township_party_committee', 'Township Party committee'), ('grassroots_party_committee', 'Grassroots Party committee'), ('leading_party_group', 'Leading Party group'), ('general_party_branch', 'General Party branch'), ('party_branch', 'Party branch'), ('joint_party_branch', 'Joint Party branch'), ('temporary_party_branch', 'Temporary Party branch'), ('party_group', 'Party group'), ('red_credit_leading_group', 'Red Credit leading group'), ('red_credit_office', 'Red Credit office'), ('county_government', 'County government'), ('finance_bureau', 'Finance bureau'), ('government_department', 'Government department'), ('county_union', 'County credit union'), ('outlet', 'Credit-union outlet')], max_length=40, verbose_name='kind')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('short_name', models.CharField(max_length=40, verbose_name='short name')),
                ('code', models.CharField(db_collation='C', max_length=30, unique=True, verbose_name='code')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organizations', to='organizations.division')),
            ],
            options={
                'permissions': [('refer', 'Register applications and referrals'), ('review', 'Review for the branch and publish notices'), ('file', 'File for the township committee and settle objections'), ('confirm_subsidy', 'Confirm interest subsidies'), ('disburse', 'Decide on and pay out loans'), ('consent', 'Consent to large loans'), ('assess', 'Assess closed loans'), ('view_cases', 'See cases'), ('view_figures', 'See figures'), ('manage_programmes', 'Set quotas and budgets'), ('manage_organizations', 'Keep the tree of organizations and the registers'), ('manage_accounts', 'Open and close accounts'), ('appoint', 'Appoint and dismiss'), ('view_audit', 'Read the audit trail')],
                'indexes': [models.Index(fields=['kind', 'division'], name='organization_by_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='organization_ends_after_it_begins', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='OrganizationPlacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='organizations.organization')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('organization',), name='organization_has_one_place_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='BranchMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='to')),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organizations.organization')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organizations.partymember')),
            ],
            options={
                'indexes': [models.Index(fields=['branch', 'valid_to'], name='members_of_branch')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('member',), name='member_is_in_one_branch_at_a_time', violation_error_message='This member already belongs to a branch.'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='membership_ends_after_it_begins', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='Entity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('pinyin', models.CharField(db_collation='C', db_index=True, editable=False, max_length=400)),
                ('initials', models.CharField(db_collation='C', db_index=True, editable=False, max_length=120)),
                ('kind', models.CharField(choices=[('cooperative', "Farmers' cooperative"), ('collective', 'Village collective'), ('family_farm', 'Family farm'), ('enterprise', 'Leading enterprise')], max_length=12, verbose_name='kind')),
                ('registration_code', models.CharField(blank=True, db_collation='C', max_length=18, verbose_name='registration code')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='founded on')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='dissolved on')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entities', to='organizations.division', verbose_name='village')),
                ('representative', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='represents', to='organizations.person', verbose_name='representative')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('registration_code', ''), _negated=True), fields=('registration_code',), name='entity_is_registered_once', violation_error_message='This registration code is already in the register.')],
            },
        ),
        migrations.CreateModel(
            name='ServiceArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='serving_outlets', to='organizations.division')),
                ('outlet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='service_areas', to='organizations.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('outlet', 'division'), name='outlet_serves_a_division_once')],
            },
        ),
    ]
