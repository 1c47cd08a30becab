import datetime
import django.contrib.admin.models
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import grids.models.areas
import grids.models.posts
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from people.migrating import InOneGo


class Migration(InOneGo):

    initial = True

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('people', '0001_initial'),
        ('people', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        BtreeGistExtension(),  # the exclusion constraints compare ids; trusted, the owner may create it
        migrations.CreateModel(
            name='AdminEdit',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('admin.logentry',),
            managers=[
                ('objects', django.contrib.admin.models.LogEntryManager()),
            ],
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('reason_code', models.CharField(choices=[('leave', 'leave'), ('duty_elsewhere', 'on duty elsewhere'), ('training', 'training'), ('other', 'other')], default='leave', max_length=16, verbose_name='reason')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputised', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
            ],
            options={
                'verbose_name': 'absence',
                'verbose_name_plural': 'absences',
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'appointment',
                'verbose_name_plural': 'appointments',
            },
        ),
        migrations.CreateModel(
            name='AbsenceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('deputy', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.absence')),
                ('appointment', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.appointment', verbose_name='appointment')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='absence',
            name='appointment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='grids.appointment', verbose_name='appointment'),
        ),
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField(choices=[(1, 'province'), (2, 'city'), (3, 'district'), (4, 'subdistrict or town'), (5, 'community'), (6, 'grid'), (7, 'building'), (8, 'unit (stairwell)')], verbose_name='level')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('short_name', models.CharField(blank=True, help_text='The name as people say it, without its suffix.', max_length=100, verbose_name='short name')),
                ('name_key', models.CharField(blank=True, db_collation='C', editable=False, max_length=400, verbose_name='pinyin')),
                ('initials', models.CharField(blank=True, db_collation='C', editable=False, max_length=100, verbose_name='pinyin initials')),
                ('code', models.CharField(db_collation='C', max_length=32, verbose_name='code')),
                ('path', models.TextField(db_collation='C', db_default='', editable=False, verbose_name='path')),
                ('served', models.BooleanField(default=False, verbose_name='served by us')),
                ('division_type', models.CharField(blank=True, choices=[('subdistrict', 'subdistrict'), ('town', 'town'), ('township', 'township'), ('other', 'other'), ('residents_committee', "residents' committee"), ('villagers_committee', "villagers' committee"), ('quasi_residents', "like a residents' committee"), ('quasi_villagers', "like a villagers' committee"), ('general_grid', 'general grid'), ('dedicated_grid', 'dedicated grid'), ('lane', 'street or lane (road)')], max_length=20, verbose_name='division type')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('source', models.CharField(blank=True, max_length=100, verbose_name='source')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='grids.area', verbose_name='lies in')),
            ],
            options={
                'verbose_name': 'area',
                'verbose_name_plural': 'areas',
                'indexes': [models.Index(models.F('path'), name='area_path'), models.Index(models.F('level'), models.F('name_key'), condition=models.Q(('served', True)), name='area_served')],
                'constraints': [models.UniqueConstraint(fields=('code',), name='area_code_unique', violation_error_message='This code is taken.'), models.CheckConstraint(condition=models.Q(('level__range', (1, 8))), name='area_level_known'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('code', ''), _negated=True)), name='area_name_and_code_given'), models.CheckConstraint(condition=models.Q(models.Q(grids.models.areas.EndsInId('path', 'id'), ('parent__isnull', False)), models.Q(('parent__isnull', True), ('path', django.db.models.functions.text.Concat(django.db.models.functions.comparison.Cast('id', models.TextField()), models.Value('/', output_field=models.TextField())))), _connector='OR'), name='area_path_ends_in_own_id'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='area_valid_from_before_to', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='Building',
            fields=[
            ],
            options={
                'verbose_name': 'building',
                'verbose_name_plural': 'buildings',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('grids.area',),
        ),
        migrations.CreateModel(
            name='Community',
            fields=[
            ],
            options={
                'verbose_name': 'community',
                'verbose_name_plural': 'communities',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('grids.area',),
        ),
        migrations.CreateModel(
            name='Grid',
            fields=[
            ],
            options={
                'verbose_name': 'grid',
                'verbose_name_plural': 'grids',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('grids.area',),
        ),
        migrations.CreateModel(
            name='Street',
            fields=[
            ],
            options={
                'verbose_name': 'street',
                'verbose_name_plural': 'streets',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('grids.area',),
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
            ],
            options={
                'verbose_name': 'unit (stairwell)',
                'verbose_name_plural': 'units (stairwells)',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('grids.area',),
        ),
        migrations.CreateModel(
            name='AreaEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('level', models.SmallIntegerField(choices=[(1, 'province'), (2, 'city'), (3, 'district'), (4, 'subdistrict or town'), (5, 'community'), (6, 'grid'), (7, 'building'), (8, 'unit (stairwell)')], verbose_name='level')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('short_name', models.CharField(blank=True, help_text='The name as people say it, without its suffix.', max_length=100, verbose_name='short name')),
                ('code', models.CharField(db_collation='C', max_length=32, verbose_name='code')),
                ('served', models.BooleanField(default=False, verbose_name='served by us')),
                ('division_type', models.CharField(blank=True, choices=[('subdistrict', 'subdistrict'), ('town', 'town'), ('township', 'township'), ('other', 'other'), ('residents_committee', "residents' committee"), ('villagers_committee', "villagers' committee"), ('quasi_residents', "like a residents' committee"), ('quasi_villagers', "like a villagers' committee"), ('general_grid', 'general grid'), ('dedicated_grid', 'dedicated grid'), ('lane', 'street or lane (road)')], max_length=20, verbose_name='division type')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('source', models.CharField(blank=True, max_length=100, verbose_name='source')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='lies in')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.area')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CommunityWorker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_general_service', models.BooleanField(default=False, help_text='Handles all matters of the window, not one line alone.', verbose_name='general service')),
                ('general_since', models.DateField(blank=True, null=True, verbose_name='general service since')),
                ('career_post', models.CharField(choices=[('head', 'head of the community'), ('deputy', 'deputy head of the community'), ('worker', 'community worker')], default='worker', max_length=8, verbose_name='post')),
                ('grade', models.PositiveSmallIntegerField(blank=True, help_text='1 to 18; empty while not in the scale.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(18)], verbose_name='grade')),
                ('grade_since', models.DateField(blank=True, null=True, verbose_name='grade since')),
                ('since', models.DateField(blank=True, null=True, verbose_name='employed since')),
                ('until', models.DateField(blank=True, null=True, verbose_name='employed until (last day)')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='community_workers', to='grids.area', verbose_name='community')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='community_worker', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'community worker',
                'verbose_name_plural': 'community workers',
                'constraints': [models.CheckConstraint(condition=models.Q(('grade__isnull', True), ('grade__range', (1, 18)), _connector='OR'), name='communityworker_grade_known', violation_error_message='A grade is a number from 1 to 18.')],
            },
        ),
        migrations.CreateModel(
            name='Compound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=32, verbose_name='code')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('kind', models.CharField(choices=[('old', 'old compound'), ('resettlement', 'resettlement compound'), ('commercial', 'commercial compound'), ('other', 'other')], max_length=12, verbose_name='kind')),
                ('management', models.CharField(choices=[('none', 'without management'), ('market', 'property company'), ('branch_led', 'led by the Party branch')], max_length=10, verbose_name='management')),
                ('managed_since', models.DateField(blank=True, null=True, verbose_name='managed so since')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='compounds', to='grids.area', verbose_name='area')),
                ('buildings', models.ManyToManyField(blank=True, related_name='+', to='grids.area', verbose_name='buildings')),
            ],
            options={
                'verbose_name': 'compound',
                'verbose_name_plural': 'compounds',
            },
        ),
        migrations.CreateModel(
            name='CompoundProject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=32, verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('charging', 'charging points'), ('insulation', 'insulation of walls'), ('pipes', 'water, heating and drains'), ('lift', 'lifts'), ('parking', 'parking and roads'), ('elderly', 'for the elderly'), ('children', 'for children'), ('neighbours', "neighbours' feasts and games"), ('other', 'other')], max_length=12, verbose_name='kind')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('running', 'under way'), ('done', 'finished'), ('dropped', 'given up')], default='planned', max_length=8, verbose_name='state')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('compound', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='grids.compound', verbose_name='compound')),
            ],
            options={
                'verbose_name': 'project of a compound',
                'verbose_name_plural': 'projects of compounds',
                'constraints': [models.UniqueConstraint(fields=('code',), name='compoundproject_code_unique', violation_error_message='This code is taken.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('ends_on__isnull', False), _connector='OR'), name='compoundproject_done_has_a_day', violation_error_message='Say on which day it was finished.'), models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='compoundproject_from_before_to', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='CompoundProjectEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(db_collation='C', max_length=32, verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('charging', 'charging points'), ('insulation', 'insulation of walls'), ('pipes', 'water, heating and drains'), ('lift', 'lifts'), ('parking', 'parking and roads'), ('elderly', 'for the elderly'), ('children', 'for children'), ('neighbours', "neighbours' feasts and games"), ('other', 'other')], max_length=12, verbose_name='kind')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('running', 'under way'), ('done', 'finished'), ('dropped', 'given up')], default='planned', max_length=8, verbose_name='state')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('compound', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.compound', verbose_name='compound')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.compoundproject')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DutyMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'duty list member',
                'verbose_name_plural': 'duty list',
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='dutymember_valid_from_before_to', violation_error_message='The last day lies before the first.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), (grids.models.posts.Days('valid_from', 'valid_to', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='dutymember_not_twice_at_once', violation_error_message='This person is on the list already in these days.')],
            },
        ),
        migrations.CreateModel(
            name='DutyMemberEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.dutymember')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GridRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True, verbose_name='key')),
                ('name_zh', models.CharField(max_length=40, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(blank=True, max_length=60, verbose_name='name (English)')),
                ('post_kind', models.CharField(blank=True, choices=[('unit_head', 'unit head'), ('building_head', 'building head'), ('grid_worker', 'grid worker'), ('grid_lead', 'grid lead'), ('community_secretary', 'community secretary'), ('community_worker', 'community worker'), ('dispatcher', 'dispatcher'), ('street_leader', 'street leader'), ('department_handler', 'department handler'), ('department_head', 'department head'), ('supervisor', 'supervisor'), ('district_command', 'district command'), ('system_administrator', 'system administrator')], help_text='Empty: a role without rights on the platform.', max_length=24, verbose_name='post of the platform')),
                ('level', models.SmallIntegerField(choices=[(1, 'province'), (2, 'city'), (3, 'district'), (4, 'subdistrict or town'), (5, 'community'), (6, 'grid'), (7, 'building'), (8, 'unit (stairwell)')], default=6, verbose_name='stands at')),
                ('held_by', models.CharField(choices=[('person', 'a person'), ('organisation', 'an organisation')], default='person', max_length=12, verbose_name='held by')),
                ('community_workers_only', models.BooleanField(default=False, help_text='Only somebody in the register of community workers fills it.', verbose_name='community workers only')),
                ('term_years', models.PositiveSmallIntegerField(blank=True, help_text='Empty: no fixed term.', null=True, verbose_name='term in years')),
                ('duties_zh', models.TextField(blank=True, verbose_name='duties (Chinese)')),
                ('duties_en', models.TextField(blank=True, verbose_name='duties (English)')),
                ('is_public', models.BooleanField(default=True, verbose_name='stands on the notice board')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='position')),
            ],
            options={
                'verbose_name': 'role in the grid',
                'verbose_name_plural': 'roles in the grid',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name_zh', ''), _negated=True), models.Q(('key', ''), _negated=True)), name='gridrole_named'), models.CheckConstraint(condition=models.Q(('level__range', (4, 8))), name='gridrole_level_known'), models.CheckConstraint(condition=models.Q(('post_kind', ''), ('held_by', 'person'), _connector='OR'), name='gridrole_post_is_held_by_person', violation_error_message='A post of the platform is held by a person.')],
            },
        ),
        migrations.CreateModel(
            name='GridMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, help_text='It is posted publicly.', max_length=60, verbose_name='name, if without an account')),
                ('office_phone', models.CharField(blank=True, help_text="The office's, never a private one: it is public.", max_length=32, verbose_name='office telephone')),
                ('pledge', models.CharField(blank=True, help_text='It is posted publicly.', max_length=200, verbose_name='pledge')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='grids.area', verbose_name='area')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grid_roles', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='grids.gridrole', verbose_name='role')),
            ],
            options={
                'verbose_name': "member of a grid's team",
                'verbose_name_plural': 'members of grid teams',
            },
        ),
        migrations.CreateModel(
            name='GridRoleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.SlugField(db_index=False, max_length=40, verbose_name='key')),
                ('name_zh', models.CharField(max_length=40, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(blank=True, max_length=60, verbose_name='name (English)')),
                ('post_kind', models.CharField(blank=True, choices=[('unit_head', 'unit head'), ('building_head', 'building head'), ('grid_worker', 'grid worker'), ('grid_lead', 'grid lead'), ('community_secretary', 'community secretary'), ('community_worker', 'community worker'), ('dispatcher', 'dispatcher'), ('street_leader', 'street leader'), ('department_handler', 'department handler'), ('department_head', 'department head'), ('supervisor', 'supervisor'), ('district_command', 'district command'), ('system_administrator', 'system administrator')], help_text='Empty: a role without rights on the platform.', max_length=24, verbose_name='post of the platform')),
                ('level', models.SmallIntegerField(choices=[(1, 'province'), (2, 'city'), (3, 'district'), (4, 'subdistrict or town'), (5, 'community'), (6, 'grid'), (7, 'building'), (8, 'unit (stairwell)')], default=6, verbose_name='stands at')),
                ('held_by', models.CharField(choices=[('person', 'a person'), ('organisation', 'an organisation')], default='person', max_length=12, verbose_name='held by')),
                ('community_workers_only', models.BooleanField(default=False, help_text='Only somebody in the register of community workers fills it.', verbose_name='community workers only')),
                ('term_years', models.PositiveSmallIntegerField(blank=True, help_text='Empty: no fixed term.', null=True, verbose_name='term in years')),
                ('duties_zh', models.TextField(blank=True, verbose_name='duties (Chinese)')),
                ('duties_en', models.TextField(blank=True, verbose_name='duties (English)')),
                ('is_public', models.BooleanField(default=True, verbose_name='stands on the notice board')),
                ('position', models.PositiveSmallIntegerField(default=100, verbose_name='position')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.gridrole')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='first day of the receiver')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('done', 'carried out'), ('stuck', 'needs a look')], default='planned', max_length=8, verbose_name='state')),
                ('taken', models.JSONField(blank=True, default=dict, verbose_name='what passed')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='carried out at')),
                ('appointments', models.ManyToManyField(related_name='handovers', to='grids.appointment', verbose_name='appointments')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('leaver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers_given', to=settings.AUTH_USER_MODEL, verbose_name='leaves')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers_received', to=settings.AUTH_USER_MODEL, verbose_name='takes over')),
            ],
            options={
                'verbose_name': 'handover',
                'verbose_name_plural': 'handovers',
                'indexes': [models.Index(models.F('first_day'), condition=models.Q(('state', 'planned')), name='handover_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('leaver', models.F('receiver')), _negated=True), name='handover_to_another'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', True)), _connector='OR'), name='handover_done_iff_at')],
            },
        ),
        migrations.CreateModel(
            name='IncomingFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=80, verbose_name='register')),
                ('rows_sealed', models.BinaryField(verbose_name='rows (sealed)')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'file to be written down',
                'verbose_name_plural': 'files to be written down',
            },
        ),
        migrations.CreateModel(
            name='MicroGrid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('grid', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='micro_grids', to='grids.area', verbose_name='grid')),
                ('head', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='head')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('volunteer', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='volunteer')),
            ],
            options={
                'verbose_name': 'micro-grid',
                'verbose_name_plural': 'micro-grids',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('grid', 'name'), name='microgrid_name_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='microgrid_from_before_to'), models.CheckConstraint(condition=models.Q(('head__isnull', True), ('volunteer__isnull', True), _connector='OR'), name='microgrid_one_head')],
            },
        ),
        migrations.CreateModel(
            name='MicroGridPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('micro_grid', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='grids.microgrid', verbose_name='micro-grid')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='building or stairwell')),
            ],
            options={
                'verbose_name': 'place of a micro-grid',
                'verbose_name_plural': 'places of micro-grids',
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='microgridplace_from_before_to'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('place', '='), (grids.models.posts.Days('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='microgridplace_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('department', 'department'), ('utility', 'utility'), ('street_office', 'office of the subdistrict'), ('street_centre', 'centre of the subdistrict'), ('street_team', 'team of the subdistrict'), ('property_company', 'property company'), ('committee', "residents' or villagers' committee"), ('public_institution', 'public institution'), ('enterprise', 'enterprise'), ('social', 'social organisation'), ('other', 'other')], max_length=20, verbose_name='kind')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('code', models.CharField(db_collation='C', help_text='Unified social credit code, or our own printed code.', max_length=32, verbose_name='code')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='grids.area', verbose_name='area')),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisations',
                'constraints': [models.UniqueConstraint(fields=('code',), name='organisation_code_unique', violation_error_message='This code is taken.'), models.CheckConstraint(condition=models.Q(('kind__in', ['department', 'utility', 'street_office', 'street_centre', 'street_team', 'property_company', 'committee', 'public_institution', 'enterprise', 'social', 'other'])), name='organisation_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('code', ''), _negated=True)), name='organisation_name_and_code_given'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='organisation_valid_from_before_to', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='GridMemberEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('office_phone', models.CharField(blank=True, help_text="The office's, never a private one: it is public.", max_length=32, verbose_name='office telephone')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.gridmember')),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('role', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.gridrole', verbose_name='role')),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, help_text='The body that sends the person down, or that fills the role itself.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.organisation', verbose_name='sent by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='gridmember',
            name='organisation',
            field=models.ForeignKey(blank=True, help_text='The body that sends the person down, or that fills the role itself.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sent_down', to='grids.organisation', verbose_name='sent by'),
        ),
        migrations.CreateModel(
            name='CompoundEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(db_collation='C', max_length=32, verbose_name='code')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('kind', models.CharField(choices=[('old', 'old compound'), ('resettlement', 'resettlement compound'), ('commercial', 'commercial compound'), ('other', 'other')], max_length=12, verbose_name='kind')),
                ('management', models.CharField(choices=[('none', 'without management'), ('market', 'property company'), ('branch_led', 'led by the Party branch')], max_length=10, verbose_name='management')),
                ('managed_since', models.DateField(blank=True, null=True, verbose_name='managed so since')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.compound')),
                ('manager', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.organisation', verbose_name='who manages it')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='compound',
            name='manager',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.organisation', verbose_name='who manages it'),
        ),
        migrations.CreateModel(
            name='OrganisationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('department', 'department'), ('utility', 'utility'), ('street_office', 'office of the subdistrict'), ('street_centre', 'centre of the subdistrict'), ('street_team', 'team of the subdistrict'), ('property_company', 'property company'), ('committee', "residents' or villagers' committee"), ('public_institution', 'public institution'), ('enterprise', 'enterprise'), ('social', 'social organisation'), ('other', 'other')], max_length=20, verbose_name='kind')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('code', models.CharField(db_collation='C', help_text='Unified social credit code, or our own printed code.', max_length=32, verbose_name='code')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.organisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('unit_head', 'unit head'), ('building_head', 'building head'), ('grid_worker', 'grid worker'), ('grid_lead', 'grid lead'), ('community_secretary', 'community secretary'), ('community_worker', 'community worker'), ('dispatcher', 'dispatcher'), ('street_leader', 'street leader'), ('department_handler', 'department handler'), ('department_head', 'department head'), ('supervisor', 'supervisor'), ('district_command', 'district command'), ('system_administrator', 'system administrator')], max_length=24, verbose_name='kind')),
                ('title', models.CharField(blank=True, help_text='If it differs from the kind.', max_length=60, verbose_name='title of the post')),
                ('seats', models.PositiveSmallIntegerField(default=1, verbose_name='seats')),
                ('office_phone', models.CharField(blank=True, help_text="The office's, never a private one: it is public.", max_length=32, verbose_name='office telephone')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='grids.area', verbose_name='area')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='grids.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'post',
                'verbose_name_plural': 'posts',
                'constraints': [models.UniqueConstraint(fields=('area', 'kind', 'organisation'), name='post_once_per_area', nulls_distinct=False, violation_error_message='This area has this post already; add seats to it.'), models.CheckConstraint(condition=models.Q(('kind__in', ['unit_head', 'building_head', 'grid_worker', 'grid_lead', 'community_secretary', 'community_worker', 'dispatcher', 'street_leader', 'department_handler', 'department_head', 'supervisor', 'district_command', 'system_administrator'])), name='post_kind_known'), models.CheckConstraint(condition=models.Q(('seats__gte', 1)), name='post_has_a_seat', violation_error_message='A post has at least one seat.'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['department_handler', 'department_head']), _negated=True), ('organisation__isnull', False), _connector='OR'), name='post_of_department_has_organisation', violation_error_message="A department's post needs its organisation."), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='post_valid_from_before_to', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='AppointmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.appointment')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('post', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.post', verbose_name='post')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='post',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='grids.post', verbose_name='post'),
        ),
        migrations.CreateModel(
            name='PostEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('unit_head', 'unit head'), ('building_head', 'building head'), ('grid_worker', 'grid worker'), ('grid_lead', 'grid lead'), ('community_secretary', 'community secretary'), ('community_worker', 'community worker'), ('dispatcher', 'dispatcher'), ('street_leader', 'street leader'), ('department_handler', 'department handler'), ('department_head', 'department head'), ('supervisor', 'supervisor'), ('district_command', 'district command'), ('system_administrator', 'system administrator')], max_length=24, verbose_name='kind')),
                ('title', models.CharField(blank=True, help_text='If it differs from the kind.', max_length=60, verbose_name='title of the post')),
                ('seats', models.PositiveSmallIntegerField(default=1, verbose_name='seats')),
                ('office_phone', models.CharField(blank=True, help_text="The office's, never a private one: it is public.", max_length=32, verbose_name='office telephone')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.organisation', verbose_name='organisation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.post')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PublicContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office_phone', models.CharField(blank=True, max_length=32, verbose_name='office telephone')),
                ('supervision_phone', models.CharField(blank=True, help_text='Where residents complain about the team.', max_length=32, verbose_name='supervision telephone')),
                ('address', models.CharField(blank=True, max_length=100, verbose_name='address')),
                ('area', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='public_contact', to='grids.area', verbose_name='area')),
            ],
            options={
                'verbose_name': 'public contact',
                'verbose_name_plural': 'public contacts',
            },
        ),
        migrations.CreateModel(
            name='PublicContactEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('office_phone', models.CharField(blank=True, max_length=32, verbose_name='office telephone')),
                ('supervision_phone', models.CharField(blank=True, help_text='Where residents complain about the team.', max_length=32, verbose_name='supervision telephone')),
                ('address', models.CharField(blank=True, max_length=100, verbose_name='address')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.publiccontact')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Redivision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='first day of the new grids')),
                ('reason', models.CharField(max_length=300, verbose_name='why the grids are drawn anew')),
                ('state', models.CharField(choices=[('draft', 'being drawn'), ('proposed', 'waiting for a decision'), ('approved', 'approved, waiting for its day'), ('refused', 'not approved'), ('withdrawn', 'withdrawn'), ('applied', 'in force'), ('stuck', 'needs a look')], default='draft', max_length=10, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('made_at', models.DateTimeField(verbose_name='drawn at')),
                ('proposed_at', models.DateTimeField(blank=True, null=True, verbose_name='proposed at')),
                ('level', models.SmallIntegerField(blank=True, choices=[(1, 'province'), (2, 'city'), (3, 'district'), (4, 'subdistrict or town'), (5, 'community'), (6, 'grid'), (7, 'building'), (8, 'unit (stairwell)')], null=True, verbose_name='proposed at the level')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('decision', models.CharField(blank=True, max_length=300, verbose_name='words to the decision')),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='carried out at')),
                ('taken', models.JSONField(blank=True, default=dict, verbose_name='what passed')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redivisions', to='grids.area', verbose_name='community')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drawn by')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
            ],
            options={
                'verbose_name': 're-division of grids',
                'verbose_name_plural': 're-divisions of grids',
                'indexes': [models.Index(models.F('on'), condition=models.Q(('state', 'approved')), name='redivision_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('state', 'applied')), models.Q(models.Q(('state', 'applied'), _negated=True), ('applied_at__isnull', True)), _connector='OR'), name='redivision_applied_iff_at'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='redivision_decided_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('approved', 'refused', 'applied')), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='redivision_decided_has_who')],
            },
        ),
        migrations.CreateModel(
            name='AreaSuccession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='first day')),
                ('is_heir', models.BooleanField(default=False, verbose_name='takes what has no building')),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='grids.area', verbose_name='before')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follows', to='grids.area', verbose_name='after')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='grids.redivision', verbose_name='plan')),
            ],
            options={
                'verbose_name': 'area that followed another',
                'verbose_name_plural': 'areas that followed others',
                'constraints': [models.UniqueConstraint(fields=('plan', 'predecessor', 'successor'), name='areasuccession_once'), models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='areasuccession_of_another')],
            },
        ),
        migrations.CreateModel(
            name='RedivisionGrid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('is_new', models.BooleanField(default=False, verbose_name='new')),
                ('ends', models.BooleanField(default=False, verbose_name='ends')),
                ('stays_empty', models.BooleanField(default=False, verbose_name='stays without a building on purpose')),
                ('grid', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='grid')),
                ('heir', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='grids.redivisiongrid', verbose_name='what has no building goes to')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grids', to='grids.redivision', verbose_name='plan')),
            ],
            options={
                'verbose_name': 'grid of a re-division',
                'verbose_name_plural': 'grids of a re-division',
                'constraints': [models.UniqueConstraint(fields=('plan', 'code'), name='redivision_code_once'), models.CheckConstraint(condition=models.Q(('heir__isnull', True), models.Q(('heir', models.F('id')), _negated=True), _connector='OR'), name='redivision_heir_is_another'), models.CheckConstraint(condition=models.Q(('is_new', False), ('ends', False), _connector='OR'), name='redivision_new_does_not_end')],
            },
        ),
        migrations.CreateModel(
            name='RedivisionBuilding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('building', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='building')),
                ('from_grid', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='grid today')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='buildings', to='grids.redivision', verbose_name='plan')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='buildings', to='grids.redivisiongrid', verbose_name='new grid')),
            ],
            options={
                'verbose_name': 'building of a re-division',
                'verbose_name_plural': 'buildings of a re-division',
                'constraints': [models.UniqueConstraint(fields=('plan', 'building'), name='redivision_building_once')],
            },
        ),
        migrations.CreateModel(
            name='RedivisionSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='grids.appointment', verbose_name='appointment')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='grids.redivision', verbose_name='plan')),
                ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='grids.redivisiongrid', verbose_name='new grid')),
            ],
            options={
                'verbose_name': 'post in a re-division',
                'verbose_name_plural': 'posts in a re-division',
                'constraints': [models.UniqueConstraint(fields=('plan', 'appointment'), name='redivision_seat_once')],
            },
        ),
        migrations.CreateModel(
            name='RoleLabel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_zh', models.CharField(max_length=40, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(blank=True, max_length=60, verbose_name='name (English)')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_labels', to='grids.area', verbose_name='area')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='grids.gridrole', verbose_name='role')),
            ],
            options={
                'verbose_name': 'local title of a role',
                'verbose_name_plural': 'local titles of roles',
                'constraints': [models.UniqueConstraint(fields=('area', 'role'), name='rolelabel_once_per_area', violation_error_message='This area has a title for this role already.')],
            },
        ),
        migrations.CreateModel(
            name='RoleLabelEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name_zh', models.CharField(max_length=40, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(blank=True, max_length=60, verbose_name='name (English)')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.rolelabel')),
                ('role', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.gridrole', verbose_name='role')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ServiceHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('month_from', models.PositiveSmallIntegerField(default=1, verbose_name='from month')),
                ('month_to', models.PositiveSmallIntegerField(default=12, verbose_name='to month (inclusive)')),
                ('opens', models.TimeField(verbose_name='opens')),
                ('closes', models.TimeField(verbose_name='closes')),
                ('area', models.ForeignKey(blank=True, help_text='Empty: the default for every area without hours of its own.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='service_hours', to='grids.area', verbose_name='area')),
            ],
            options={
                'verbose_name': 'service hours',
                'verbose_name_plural': 'service hours',
                'constraints': [models.UniqueConstraint(fields=('area', 'weekday', 'month_from', 'opens'), name='servicehours_once', nulls_distinct=False, violation_error_message='These hours are there already.'), models.CheckConstraint(condition=models.Q(('weekday__range', (0, 6))), name='servicehours_weekday_known'), models.CheckConstraint(condition=models.Q(('month_from__range', (1, 12)), ('month_to__range', (1, 12))), name='servicehours_months_known', violation_error_message='Months are numbers from 1 to 12.'), models.CheckConstraint(condition=models.Q(('opens__lt', models.F('closes')), ('closes', datetime.time(0, 0)), _connector='OR'), name='servicehours_open_before_close', violation_error_message='Closing time must lie after opening time.')],
            },
        ),
        migrations.CreateModel(
            name='ServiceHoursEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('month_from', models.PositiveSmallIntegerField(default=1, verbose_name='from month')),
                ('month_to', models.PositiveSmallIntegerField(default=12, verbose_name='to month (inclusive)')),
                ('opens', models.TimeField(verbose_name='opens')),
                ('closes', models.TimeField(verbose_name='closes')),
                ('area', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty: the default for every area without hours of its own.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.servicehours')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StaffCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pledge', models.CharField(blank=True, help_text='It is posted publicly.', max_length=200, verbose_name='pledge')),
                ('changed_on', models.DateField(verbose_name='changed on')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='card', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'public pledge',
                'verbose_name_plural': 'public pledges',
            },
        ),
        migrations.CreateModel(
            name='StaffingChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind_of_grid', models.CharField(blank=True, choices=[('general_grid', 'general grid'), ('dedicated_grid', 'dedicated grid'), ('lane', 'street or lane (road)')], help_text='Empty: every grid but lanes, which need a choice of their own.', max_length=20, verbose_name='kind of grid')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staffing_choices', to='grids.area', verbose_name='area')),
            ],
            options={
                'verbose_name': 'choice of a staffing rule',
                'verbose_name_plural': 'choices of staffing rules',
            },
        ),
        migrations.CreateModel(
            name='StaffingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('least', models.PositiveSmallIntegerField(default=1, verbose_name='at least')),
                ('per', models.SmallIntegerField(choices=[(6, 'grid'), (7, 'building'), (8, 'unit (stairwell)')], default=6, verbose_name='for each')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='grids.gridrole', verbose_name='role')),
            ],
            options={
                'verbose_name': 'line of a staffing rule',
                'verbose_name_plural': 'lines of staffing rules',
            },
        ),
        migrations.CreateModel(
            name='StaffingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, unique=True, verbose_name='key')),
                ('name_zh', models.CharField(max_length=60, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='name (English)')),
                ('source', models.TextField(blank=True, verbose_name='source and what it leaves open')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('changed_locally', models.BooleanField(default=False, editable=False, help_text='A new file no longer overwrites it.', verbose_name='changed here')),
            ],
            options={
                'verbose_name': 'staffing rule',
                'verbose_name_plural': 'staffing rules',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name_zh', ''), _negated=True), models.Q(('key', ''), _negated=True)), name='staffingrule_named')],
            },
        ),
        migrations.CreateModel(
            name='StaffingLineEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('least', models.PositiveSmallIntegerField(default=1, verbose_name='at least')),
                ('per', models.SmallIntegerField(choices=[(6, 'grid'), (7, 'building'), (8, 'unit (stairwell)')], default=6, verbose_name='for each')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.staffingline')),
                ('role', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.gridrole', verbose_name='role')),
                ('rule', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.staffingrule', verbose_name='staffing rule')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='staffingline',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='grids.staffingrule', verbose_name='staffing rule'),
        ),
        migrations.CreateModel(
            name='StaffingChoiceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind_of_grid', models.CharField(blank=True, choices=[('general_grid', 'general grid'), ('dedicated_grid', 'dedicated grid'), ('lane', 'street or lane (road)')], help_text='Empty: every grid but lanes, which need a choice of their own.', max_length=20, verbose_name='kind of grid')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.staffingchoice')),
                ('rule', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.staffingrule', verbose_name='staffing rule')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='staffingchoice',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='grids.staffingrule', verbose_name='staffing rule'),
        ),
        migrations.CreateModel(
            name='StaffingRuleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.SlugField(db_index=False, max_length=40, verbose_name='key')),
                ('name_zh', models.CharField(max_length=60, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='name (English)')),
                ('source', models.TextField(blank=True, verbose_name='source and what it leaves open')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('changed_locally', models.BooleanField(default=False, editable=False, help_text='A new file no longer overwrites it.', verbose_name='changed here')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.staffingrule')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Takeover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('management', models.CharField(choices=[('market', 'property company'), ('branch_led', 'led by the Party branch')], max_length=10, verbose_name='management to come')),
                ('planned_for', models.DateField(verbose_name='planned for')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='carried out on')),
                ('compound', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takeovers', to='grids.compound', verbose_name='compound')),
            ],
            options={
                'verbose_name': 'takeover of a compound',
                'verbose_name_plural': 'takeovers of compounds',
                'constraints': [models.UniqueConstraint(condition=models.Q(('done_on__isnull', True)), fields=('compound',), name='takeover_one_open', violation_error_message='There is a plan for this compound already.'), models.CheckConstraint(condition=models.Q(('management', 'none'), _negated=True), name='takeover_brings_management')],
            },
        ),
        migrations.CreateModel(
            name='TakeoverEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('management', models.CharField(choices=[('market', 'property company'), ('branch_led', 'led by the Party branch')], max_length=10, verbose_name='management to come')),
                ('planned_for', models.DateField(verbose_name='planned for')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='carried out on')),
                ('compound', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.compound', verbose_name='compound')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.takeover')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('training', 'training'), ('assessment', 'assessment passed'), ('commendation', 'commendation')], default='training', max_length=12, verbose_name='kind')),
                ('taken_on', models.DateField(verbose_name='day')),
                ('subject', models.CharField(max_length=100, verbose_name='subject')),
                ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='hours')),
                ('result', models.CharField(blank=True, max_length=60, verbose_name='result')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to='grids.area', verbose_name='area')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'training and commendation',
                'verbose_name_plural': 'training and commendations',
                'constraints': [models.CheckConstraint(condition=models.Q(('hours__isnull', True), ('hours__gt', 0), _connector='OR'), name='training_hours_positive', violation_error_message='Hours are more than none.')],
            },
        ),
        migrations.CreateModel(
            name='WeekdayDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('place', models.CharField(choices=[('window', 'at the window'), ('grid', 'in the grid')], max_length=8, verbose_name='where')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='weekday_duties', to='grids.area', verbose_name='community')),
                ('grid', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visit_days', to='grids.area', verbose_name='grid')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='weekday_duties', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'window and visit day',
                'verbose_name_plural': 'window and visit days',
                'constraints': [models.UniqueConstraint(fields=('user', 'weekday', 'area', 'place', 'grid'), name='weekdayduty_once', nulls_distinct=False, violation_error_message='This stands in the schedule already.'), models.CheckConstraint(condition=models.Q(('weekday__range', (0, 6))), name='weekdayduty_weekday_known'), models.CheckConstraint(condition=models.Q(models.Q(('grid__isnull', False), ('place', 'grid')), models.Q(('grid__isnull', True), ('place', 'window')), _connector='OR'), name='weekdayduty_grid_iff_visit', violation_error_message='Name the grid for a visit, and none for the window.'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='weekdayduty_valid_from_before_to', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='WeekdayDutyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('place', models.CharField(choices=[('window', 'at the window'), ('grid', 'in the grid')], max_length=8, verbose_name='where')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='community')),
                ('grid', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='grid')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grids.weekdayduty')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='absence_starts_before_end', violation_error_message='The last day lies before the first.'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('reason_code__in', ['leave', 'duty_elsewhere', 'training', 'other'])), name='absence_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('appointment', '='), (grids.models.posts.Days('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='absence_not_twice_at_once', violation_error_message='These absences overlap.'),
        ),
        migrations.AddIndex(
            model_name='gridmember',
            index=models.Index(models.F('area'), models.F('role'), name='gridmember_of_area'),
        ),
        migrations.AddConstraint(
            model_name='gridmember',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='gridmember_starts_before_end', violation_error_message='The last day lies before the first.'),
        ),
        migrations.AddConstraint(
            model_name='gridmember',
            constraint=models.CheckConstraint(condition=models.Q(('user__isnull', False), models.Q(('name', ''), _negated=True), ('organisation__isnull', False), _connector='OR'), name='gridmember_is_somebody', violation_error_message='Name the person or the organisation.'),
        ),
        migrations.AddConstraint(
            model_name='gridmember',
            constraint=models.CheckConstraint(condition=models.Q(('user__isnull', True), ('name', ''), _connector='OR'), name='gridmember_account_or_name', violation_error_message='Give the account or the name, not both.'),
        ),
        migrations.AddConstraint(
            model_name='compound',
            constraint=models.UniqueConstraint(fields=('code',), name='compound_code_unique', violation_error_message='This code is taken.'),
        ),
        migrations.AddConstraint(
            model_name='compound',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['old', 'resettlement', 'commercial', 'other'])), name='compound_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='compound',
            constraint=models.CheckConstraint(condition=models.Q(('management__in', ['none', 'market', 'branch_led'])), name='compound_management_known'),
        ),
        migrations.AddConstraint(
            model_name='compound',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('management', 'none'), _negated=True), ('manager__isnull', True), _connector='OR'), name='compound_nobody_manages_without_management', violation_error_message='Without management there is nobody who manages it.'),
        ),
        migrations.AddConstraint(
            model_name='compound',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='compound_from_before_to', violation_error_message='The last day lies before the first.'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='appointment_starts_before_end', violation_error_message='The last day lies before the first.'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('post', '='), ('user', '='), (grids.models.posts.Days('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='appointment_not_twice_at_once', violation_error_message='This person holds this post already in these days.'),
        ),
        migrations.AddConstraint(
            model_name='staffingline',
            constraint=models.CheckConstraint(condition=models.Q(('least__gte', 1)), name='staffingline_at_least_one', violation_error_message='A line asks for at least one.'),
        ),
        migrations.AddConstraint(
            model_name='staffingline',
            constraint=models.CheckConstraint(condition=models.Q(('per__in', (6, 7, 8))), name='staffingline_per_known'),
        ),
        migrations.AddConstraint(
            model_name='staffingline',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='staffingline_valid_from_before_to', violation_error_message='The last day lies before the first.'),
        ),
        migrations.AddConstraint(
            model_name='staffingchoice',
            constraint=models.UniqueConstraint(fields=('area', 'kind_of_grid', 'valid_from'), name='staffingchoice_once', nulls_distinct=False, violation_error_message='A rule is chosen for this area from this day already.'),
        ),
        migrations.AddConstraint(
            model_name='staffingchoice',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='staffingchoice_valid_from_before_to', violation_error_message='The last day lies before the first.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gridrole',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_gridroleevent" ("community_workers_only", "duties_en", "duties_zh", "held_by", "id", "is_public", "key", "level", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "post_kind", "term_years") VALUES (NEW."community_workers_only", NEW."duties_en", NEW."duties_zh", NEW."held_by", NEW."id", NEW."is_public", NEW."key", NEW."level", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."post_kind", NEW."term_years"); RETURN NULL;', hash='455183ff8da6be4cf724ca10e176104a31784242', operation='INSERT', pgid='pgtrigger_insert_insert_a1dfe', table='grids_gridrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gridrole',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_gridroleevent" ("community_workers_only", "duties_en", "duties_zh", "held_by", "id", "is_public", "key", "level", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "post_kind", "term_years") VALUES (NEW."community_workers_only", NEW."duties_en", NEW."duties_zh", NEW."held_by", NEW."id", NEW."is_public", NEW."key", NEW."level", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."post_kind", NEW."term_years"); RETURN NULL;', hash='1c449d68bcd1597cba6518cff67a7de0664f2d1e', operation='UPDATE', pgid='pgtrigger_update_update_36c66', table='grids_gridrole', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffingrule',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_staffingruleevent" ("changed_locally", "id", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "version") VALUES (NEW."changed_locally", NEW."id", NEW."key", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."version"); RETURN NULL;', hash='3d3c3b447e284a7185156c54230c6d833f8306f1', operation='INSERT', pgid='pgtrigger_insert_insert_76f2b', table='grids_staffingrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffingrule',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_staffingruleevent" ("changed_locally", "id", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "version") VALUES (NEW."changed_locally", NEW."id", NEW."key", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."version"); RETURN NULL;', hash='b7afc74753c2500f422f6c6359a49f97e824ed82', operation='UPDATE', pgid='pgtrigger_update_update_a808c', table='grids_staffingrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='adminedit',
            trigger=pgtrigger.compiler.Trigger(name='edit_audited', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT NEW.action_time, 'edited', NEW.user_id,\n    coalesce(t.app_label || '.' || t.model, '?') || ':' || left(coalesce(NEW.object_id, ''), 64),\n    jsonb_build_object('action', CASE NEW.action_flag WHEN 1 THEN 'insert' WHEN 2 THEN 'update' ELSE 'delete' END), ''\nFROM (SELECT NEW.content_type_id AS id) AS n LEFT JOIN django_content_type AS t ON t.id = n.id;\nRETURN NULL;\n", hash='5cb2328057e2224064b3b83b1adfc885148c94a5', operation='INSERT', pgid='pgtrigger_edit_audited_f1eb7', table='django_admin_log', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='absenceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1d7df6aee102f9f6f7985ef2986abcc9264c0a0a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_13fff', table='grids_absenceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='traced_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'post', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'grids.absence:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('appointment_id', r.appointment_id, 'deputy_id', r.deputy_id, 'starts_on', r.starts_on, 'ends_on', r.ends_on), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='f7c59da6a219dd34c8bb3f0f2699169a05a0e7ee', operation='INSERT', pgid='pgtrigger_traced_insert_505c9', table='grids_absence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='traced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.appointment_id IS DISTINCT FROM NEW.appointment_id OR OLD.deputy_id IS DISTINCT FROM NEW.deputy_id OR OLD.starts_on IS DISTINCT FROM NEW.starts_on OR OLD.ends_on IS DISTINCT FROM NEW.ends_on)', func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'post', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'grids.absence:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('appointment_id', r.appointment_id, 'deputy_id', r.deputy_id, 'starts_on', r.starts_on, 'ends_on', r.ends_on), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='652961ac77acbe5a69dfca18caf89a904345925b', operation='UPDATE', pgid='pgtrigger_traced_update_d05b8', table='grids_absence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='traced_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'post', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'grids.absence:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('appointment_id', r.appointment_id, 'deputy_id', r.deputy_id, 'starts_on', r.starts_on, 'ends_on', r.ends_on), ''\nFROM (SELECT (OLD).*) AS r;\nRETURN NULL;\n", hash='7e0c20a4c9eabe6b72f5ad276c5af16f2c6ff251', operation='DELETE', pgid='pgtrigger_traced_delete_cb408', table='grids_absence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_absenceevent" ("appointment_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."appointment_id", NEW."deputy_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on"); RETURN NULL;', hash='68c9895a434e49e009d741ad9edb14d928fe0384', operation='INSERT', pgid='pgtrigger_insert_insert_62511', table='grids_absence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."appointment_id" IS DISTINCT FROM (NEW."appointment_id") OR OLD."deputy_id" IS DISTINCT FROM (NEW."deputy_id") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on"))', func='INSERT INTO "grids_absenceevent" ("appointment_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."appointment_id", NEW."deputy_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on"); RETURN NULL;', hash='79df233d4f857407fb000bd9d1c505a6c61b17aa', operation='UPDATE', pgid='pgtrigger_update_update_9280b', table='grids_absence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_absenceevent" ("appointment_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (OLD."appointment_id", OLD."deputy_id", OLD."ends_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts_on"); RETURN NULL;', hash='8f8ac3b0b3bcebb988374189cbc92d3ab80e15a3', operation='DELETE', pgid='pgtrigger_delete_delete_4281f', table='grids_absence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='area',
            trigger=pgtrigger.compiler.Trigger(name='grow_path', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."path" = \'\')', func="\n    IF NEW.parent_id IS NULL THEN\n        NEW.path := NEW.id || '/';\n    ELSE\n        SELECT area.path || NEW.id || '/' INTO NEW.path\n        FROM grids_area area WHERE area.id = NEW.parent_id AND area.level < NEW.level;\n        IF NEW.path IS NULL THEN\n            RAISE EXCEPTION 'area % needs a parent of a higher level', NEW.code USING ERRCODE = 'check_violation';\n        END IF;\n    END IF;\n    RETURN NEW;\n", hash='bcca68634b5843d07cbfe77ce390dc7feafdcbd2', operation='INSERT', pgid='pgtrigger_grow_path_6b4f3', table='grids_area', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='area',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."division_type" IS DISTINCT FROM (NEW."division_type") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."served" IS DISTINCT FROM (NEW."served") OR OLD."short_name" IS DISTINCT FROM (NEW."short_name") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to"))', func='INSERT INTO "grids_areaevent" ("code", "division_type", "id", "level", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "served", "short_name", "source", "valid_from", "valid_to") VALUES (NEW."code", NEW."division_type", NEW."id", NEW."level", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."served", NEW."short_name", NEW."source", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='ff88bc6abfb5552ec8d8d0a48d130b024cfece11', operation='UPDATE', pgid='pgtrigger_update_update_51e5d', table='grids_area', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='areaevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='26f24daa5647c39ad57b1f8235a53843e33db825', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_554fb', table='grids_areaevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='compoundproject',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_compoundprojectevent" ("code", "compound_id", "ends_on", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "state") VALUES (NEW."code", NEW."compound_id", NEW."ends_on", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."state"); RETURN NULL;', hash='468976b744eaa785463f23d6115615a6042b1075', operation='INSERT', pgid='pgtrigger_insert_insert_c4598', table='grids_compoundproject', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='compoundproject',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_compoundprojectevent" ("code", "compound_id", "ends_on", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "state") VALUES (NEW."code", NEW."compound_id", NEW."ends_on", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on", NEW."state"); RETURN NULL;', hash='56819c6ca1c0aef6b7b85eacd651649e0f110b11', operation='UPDATE', pgid='pgtrigger_update_update_9cbc9', table='grids_compoundproject', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='compoundprojectevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a729952b983e2e5a76bdf659ae8c72f84575662f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9381f', table='grids_compoundprojectevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutymember',
            trigger=pgtrigger.compiler.Trigger(name='traced_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'post', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'grids.dutymember:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('user_id', r.user_id, 'valid_from', r.valid_from, 'valid_to', r.valid_to), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='fb9f6dcba255c776dd14b9ff40d9017e67d49aec', operation='INSERT', pgid='pgtrigger_traced_insert_a98a6', table='grids_dutymember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutymember',
            trigger=pgtrigger.compiler.Trigger(name='traced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id OR OLD.valid_from IS DISTINCT FROM NEW.valid_from OR OLD.valid_to IS DISTINCT FROM NEW.valid_to)', func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'post', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'grids.dutymember:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('user_id', r.user_id, 'valid_from', r.valid_from, 'valid_to', r.valid_to), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='ebb573e4d9c631024867153407c6eab4268b48f0', operation='UPDATE', pgid='pgtrigger_traced_update_5a71d', table='grids_dutymember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutymember',
            trigger=pgtrigger.compiler.Trigger(name='traced_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'post', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'grids.dutymember:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('user_id', r.user_id, 'valid_from', r.valid_from, 'valid_to', r.valid_to), ''\nFROM (SELECT (OLD).*) AS r;\nRETURN NULL;\n", hash='b7f4dbaa9b41a2602b8d73da89bf3170188c71e3', operation='DELETE', pgid='pgtrigger_traced_delete_332ee', table='grids_dutymember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutymember',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_dutymemberevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "user_id", "valid_from", "valid_to") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='ec294c6c499e29edbad347f3174daf113ab70af9', operation='INSERT', pgid='pgtrigger_insert_insert_58892', table='grids_dutymember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutymember',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_dutymemberevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "user_id", "valid_from", "valid_to") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='097be8e22f8e3bba16a64172ab964f363d7d8378', operation='UPDATE', pgid='pgtrigger_update_update_3b372', table='grids_dutymember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutymember',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_dutymemberevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "user_id", "valid_from", "valid_to") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."user_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='2db6a45f7a026542ce725c308c88a14369609323', operation='DELETE', pgid='pgtrigger_delete_delete_18c13', table='grids_dutymember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutymemberevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e84e5c7c2934036d688953fe54d2bd83e1c09a9f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d5852', table='grids_dutymemberevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gridroleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0af6ceca06ea6a765e4ac3cdaf948214446908d2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8afa7', table='grids_gridroleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='handover',
            trigger=pgtrigger.compiler.Trigger(name='handover_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c7af656bc720f8d4255f15392e10ca3ef2a1db85', operation='DELETE', pgid='pgtrigger_handover_stays_c0dca', table='grids_handover', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_organisationevent" ("area_id", "code", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."code", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='1828e4186702346aa60c9410607069e7e0a3849a', operation='INSERT', pgid='pgtrigger_insert_insert_483ec', table='grids_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_organisationevent" ("area_id", "code", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."code", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='500750b3428df9bc2a39192467ff1e8664e019aa', operation='UPDATE', pgid='pgtrigger_update_update_3595b', table='grids_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gridmemberevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b166c84dba4e049ff7e96b8b193bdee89777c755', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c24f3', table='grids_gridmemberevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gridmember',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_gridmemberevent" ("area_id", "ends_on", "id", "office_phone", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "starts_on", "user_id") VALUES (NEW."area_id", NEW."ends_on", NEW."id", NEW."office_phone", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role_id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='5e54c12ca2193b888e0ccab0d23582ff4dc1f30c', operation='INSERT', pgid='pgtrigger_insert_insert_3f8ce', table='grids_gridmember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gridmember',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."office_phone" IS DISTINCT FROM (NEW."office_phone") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."role_id" IS DISTINCT FROM (NEW."role_id") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))', func='INSERT INTO "grids_gridmemberevent" ("area_id", "ends_on", "id", "office_phone", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "starts_on", "user_id") VALUES (NEW."area_id", NEW."ends_on", NEW."id", NEW."office_phone", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role_id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='a0620aefa8b5a4c0c865382cc210017fc6e777b5', operation='UPDATE', pgid='pgtrigger_update_update_ee2d0', table='grids_gridmember', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='compoundevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8ec079f8dae2575eb31f36af7523681ffadee6a3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fe504', table='grids_compoundevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='compound',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_compoundevent" ("area_id", "code", "id", "kind", "managed_since", "management", "manager_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."code", NEW."id", NEW."kind", NEW."managed_since", NEW."management", NEW."manager_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='745a846d4155fb9747544f947af4e915a5e418db', operation='INSERT', pgid='pgtrigger_insert_insert_c100d', table='grids_compound', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='compound',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_compoundevent" ("area_id", "code", "id", "kind", "managed_since", "management", "manager_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."code", NEW."id", NEW."kind", NEW."managed_since", NEW."management", NEW."manager_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='30d99a7f13a0afff80472be497001c8d6a1e8213', operation='UPDATE', pgid='pgtrigger_update_update_0c06a', table='grids_compound', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='23de9cc54851487a3d8b322874bf6bdcdc88b909', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f7946', table='grids_organisationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='post',
            trigger=pgtrigger.compiler.Trigger(name='post_end_signs_out', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NEW.kind IS DISTINCT FROM OLD.kind\n               OR (NEW.valid_to IS DISTINCT FROM OLD.valid_to AND NEW.valid_to <= (CURRENT_TIMESTAMP AT TIME ZONE 'Asia/Shanghai')::date) THEN\n                UPDATE people_user SET session_epoch = session_epoch + 1 WHERE id IN (SELECT user_id FROM grids_appointment WHERE post_id = NEW.id); RETURN NULL;\n            END IF;\n            RETURN NULL;\n        ", hash='755c0b689191e6996b4a42f3281cc1193972fe3f', operation='UPDATE', pgid='pgtrigger_post_end_signs_out_50209', table='grids_post', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='post',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_postevent" ("area_id", "id", "kind", "office_phone", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats", "title", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."id", NEW."kind", NEW."office_phone", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."seats", NEW."title", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='bba219bbfd12d2a1481386bb4c8d46a272635b1e', operation='INSERT', pgid='pgtrigger_insert_insert_46e80', table='grids_post', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='post',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_postevent" ("area_id", "id", "kind", "office_phone", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats", "title", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."id", NEW."kind", NEW."office_phone", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."seats", NEW."title", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='3ceb690abebb88f8a2e33548c7d1c2bf59432a55', operation='UPDATE', pgid='pgtrigger_update_update_87c2b', table='grids_post', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='29bc3e876bfa19652cbb712c64aa816f7be27799', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3775c', table='grids_appointmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='appointment_end_signs_out', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF (NEW.user_id, NEW.post_id) IS DISTINCT FROM (OLD.user_id, OLD.post_id)\n               OR (NEW.ends_on IS DISTINCT FROM OLD.ends_on AND NEW.ends_on <= (CURRENT_TIMESTAMP AT TIME ZONE 'Asia/Shanghai')::date) THEN\n                UPDATE people_user SET session_epoch = session_epoch + 1 WHERE id = OLD.user_id; RETURN NULL;\n            END IF;\n            RETURN NULL;\n        ", hash='80788bf0c491b00d870cef4886782a1efc8ea93e', operation='UPDATE', pgid='pgtrigger_appointment_end_signs_out_10dfe', table='grids_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='appointment_gone_signs_out', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE people_user SET session_epoch = session_epoch + 1 WHERE id = OLD.user_id; RETURN NULL;', hash='408fe7b41cf590070129fbe222cc66f14c1fed20', operation='DELETE', pgid='pgtrigger_appointment_gone_signs_out_01bb6', table='grids_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='traced_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'post', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'grids.appointment:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('post_id', r.post_id, 'user_id', r.user_id, 'starts_on', r.starts_on, 'ends_on', r.ends_on), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='eec3aaa16630b97352f012ceb5490e8c38a19511', operation='INSERT', pgid='pgtrigger_traced_insert_8badd', table='grids_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='traced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.post_id IS DISTINCT FROM NEW.post_id OR OLD.user_id IS DISTINCT FROM NEW.user_id OR OLD.starts_on IS DISTINCT FROM NEW.starts_on OR OLD.ends_on IS DISTINCT FROM NEW.ends_on)', func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'post', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'grids.appointment:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('post_id', r.post_id, 'user_id', r.user_id, 'starts_on', r.starts_on, 'ends_on', r.ends_on), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='373706b38bbd96131c86c545591cd063f73083a0', operation='UPDATE', pgid='pgtrigger_traced_update_8248e', table='grids_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='traced_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'post', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'grids.appointment:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('post_id', r.post_id, 'user_id', r.user_id, 'starts_on', r.starts_on, 'ends_on', r.ends_on), ''\nFROM (SELECT (OLD).*) AS r;\nRETURN NULL;\n", hash='09c2f61d2528ea5cdbb36ec190b58ca6f24b0651', operation='DELETE', pgid='pgtrigger_traced_delete_16857', table='grids_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_appointmentevent" ("ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."post_id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='48aeb905a43b37c4c57c6aa622811c097ac9d984', operation='INSERT', pgid='pgtrigger_insert_insert_d510a', table='grids_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_appointmentevent" ("ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "starts_on", "user_id") VALUES (NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."post_id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='17b9c6aa3fe6088262ffe4693c925111e9e80ea0', operation='UPDATE', pgid='pgtrigger_update_update_ed57f', table='grids_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='postevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='67eb42e541497d70f3f00b09920e845adf5deab1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c086f', table='grids_postevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publiccontact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_publiccontactevent" ("address", "area_id", "id", "office_phone", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "supervision_phone") VALUES (NEW."address", NEW."area_id", NEW."id", NEW."office_phone", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."supervision_phone"); RETURN NULL;', hash='0def51eea79f81a74ab28c43b065b30c374335ac', operation='INSERT', pgid='pgtrigger_insert_insert_b76b9', table='grids_publiccontact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publiccontact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_publiccontactevent" ("address", "area_id", "id", "office_phone", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "supervision_phone") VALUES (NEW."address", NEW."area_id", NEW."id", NEW."office_phone", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."supervision_phone"); RETURN NULL;', hash='94f099babb325a34a5e54b3b1095aa52119fbccd', operation='UPDATE', pgid='pgtrigger_update_update_28370', table='grids_publiccontact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publiccontactevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f270e908398956cce2892a0111e80d95810ee225', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8c3c5', table='grids_publiccontactevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redivision',
            trigger=pgtrigger.compiler.Trigger(name='redivision_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='82edbae08fb99faf99adc9801507037ca7108210', operation='DELETE', pgid='pgtrigger_redivision_stays_f2cb1', table='grids_redivision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='areasuccession',
            trigger=pgtrigger.compiler.Trigger(name='areasuccession_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0579f2e3bd7531609c49c0676922e95e09c4f7ed', operation='UPDATE OR DELETE', pgid='pgtrigger_areasuccession_stays_51772', table='grids_areasuccession', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolelabel',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_rolelabelevent" ("area_id", "id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."id", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='36846de0590ceab08c1322183408439ac225814f', operation='INSERT', pgid='pgtrigger_insert_insert_8c864', table='grids_rolelabel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolelabel',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_rolelabelevent" ("area_id", "id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."id", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='85cc87d86b32fb21980f7c1db55b20285ba5c00e', operation='UPDATE', pgid='pgtrigger_update_update_09b88', table='grids_rolelabel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolelabel',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_rolelabelevent" ("area_id", "id", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "valid_from", "valid_to") VALUES (OLD."area_id", OLD."id", OLD."name_en", OLD."name_zh", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='89e1659a4180f017ef749b6629ebc5ade1d187f2', operation='DELETE', pgid='pgtrigger_delete_delete_14ed6', table='grids_rolelabel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolelabelevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0b426c20838209f9d3bd3b877f88dc48e0285e3a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e1c6c', table='grids_rolelabelevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicehours',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_servicehoursevent" ("area_id", "closes", "id", "month_from", "month_to", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "weekday") VALUES (NEW."area_id", NEW."closes", NEW."id", NEW."month_from", NEW."month_to", NEW."opens", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."weekday"); RETURN NULL;', hash='e86b4e3577f75a2d35a8690cce93f01cd6b1a338', operation='INSERT', pgid='pgtrigger_insert_insert_91728', table='grids_servicehours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicehours',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_servicehoursevent" ("area_id", "closes", "id", "month_from", "month_to", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "weekday") VALUES (NEW."area_id", NEW."closes", NEW."id", NEW."month_from", NEW."month_to", NEW."opens", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."weekday"); RETURN NULL;', hash='712a9d96fcfe142bde6752f779ea2b9447151cdd', operation='UPDATE', pgid='pgtrigger_update_update_1c07f', table='grids_servicehours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicehours',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_servicehoursevent" ("area_id", "closes", "id", "month_from", "month_to", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "weekday") VALUES (OLD."area_id", OLD."closes", OLD."id", OLD."month_from", OLD."month_to", OLD."opens", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."weekday"); RETURN NULL;', hash='47c7e273967a7a3d121ed61831fd1caa90ec14f5', operation='DELETE', pgid='pgtrigger_delete_delete_12520', table='grids_servicehours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicehoursevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a8ba977d6c198492fbb4b8a5f431a11215bd5216', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5ce2b', table='grids_servicehoursevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffinglineevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f00fb85ce13d2c25fea863dbe12e3e20e2b91524', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f5e93', table='grids_staffinglineevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffingline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_staffinglineevent" ("id", "least", "per", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "rule_id", "valid_from", "valid_to") VALUES (NEW."id", NEW."least", NEW."per", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role_id", NEW."rule_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='328665265bd58e6accafce2e9a41ed71bbe0a9bd', operation='INSERT', pgid='pgtrigger_insert_insert_49dd6', table='grids_staffingline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffingline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_staffinglineevent" ("id", "least", "per", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "rule_id", "valid_from", "valid_to") VALUES (NEW."id", NEW."least", NEW."per", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role_id", NEW."rule_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='a2a4d59ff0848bd117f2b32e3dbb3ca4003a61f4', operation='UPDATE', pgid='pgtrigger_update_update_4cb10', table='grids_staffingline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffingline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_staffinglineevent" ("id", "least", "per", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "rule_id", "valid_from", "valid_to") VALUES (OLD."id", OLD."least", OLD."per", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role_id", OLD."rule_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='d915fc23af128172c97bb519c9d0ac11826c82e1', operation='DELETE', pgid='pgtrigger_delete_delete_4bede', table='grids_staffingline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffingchoiceevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3193ca0e78a208ba0fc967f4980c94abbd0a9b85', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e8d16', table='grids_staffingchoiceevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffingchoice',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_staffingchoiceevent" ("area_id", "id", "kind_of_grid", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."id", NEW."kind_of_grid", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rule_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='b91ff625e03def51b22805bfabbff2a975c3c059', operation='INSERT', pgid='pgtrigger_insert_insert_27f17', table='grids_staffingchoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffingchoice',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_staffingchoiceevent" ("area_id", "id", "kind_of_grid", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."id", NEW."kind_of_grid", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rule_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='ce06ad544635611daac7cf775874d19ec2184787', operation='UPDATE', pgid='pgtrigger_update_update_fe054', table='grids_staffingchoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffingchoice',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_staffingchoiceevent" ("area_id", "id", "kind_of_grid", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule_id", "valid_from", "valid_to") VALUES (OLD."area_id", OLD."id", OLD."kind_of_grid", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rule_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='f4e95c963e54c93963aa66b92e20dadb6a658196', operation='DELETE', pgid='pgtrigger_delete_delete_0d064', table='grids_staffingchoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='staffingruleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='013908744925cf1f1cdebdaf382a9f5993af1f03', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a36a9', table='grids_staffingruleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='takeover',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_takeoverevent" ("compound_id", "done_on", "id", "management", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_for") VALUES (NEW."compound_id", NEW."done_on", NEW."id", NEW."management", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_for"); RETURN NULL;', hash='ff9776d8a3cde7de8daf594037f8d16c69d98097', operation='INSERT', pgid='pgtrigger_insert_insert_25ace', table='grids_takeover', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='takeover',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_takeoverevent" ("compound_id", "done_on", "id", "management", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_for") VALUES (NEW."compound_id", NEW."done_on", NEW."id", NEW."management", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_for"); RETURN NULL;', hash='f0387f4b2195de271f6e18ace396622c4e404f56', operation='UPDATE', pgid='pgtrigger_update_update_358be', table='grids_takeover', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='takeoverevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='63cae56aa5f3678e58020e3bceb1b2da30c1b7f5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6e87f', table='grids_takeoverevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='weekdayduty',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_weekdaydutyevent" ("area_id", "grid_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "user_id", "valid_from", "valid_to", "weekday") VALUES (NEW."area_id", NEW."grid_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."user_id", NEW."valid_from", NEW."valid_to", NEW."weekday"); RETURN NULL;', hash='08846b08e98f8ce3761ea031feebb80d36a04bba', operation='INSERT', pgid='pgtrigger_insert_insert_0f952', table='grids_weekdayduty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='weekdayduty',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grids_weekdaydutyevent" ("area_id", "grid_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "user_id", "valid_from", "valid_to", "weekday") VALUES (NEW."area_id", NEW."grid_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."user_id", NEW."valid_from", NEW."valid_to", NEW."weekday"); RETURN NULL;', hash='74eacf378c21c292c32dd4f37b3fd190cbb63b3d', operation='UPDATE', pgid='pgtrigger_update_update_0d574', table='grids_weekdayduty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='weekdayduty',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grids_weekdaydutyevent" ("area_id", "grid_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "user_id", "valid_from", "valid_to", "weekday") VALUES (OLD."area_id", OLD."grid_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."user_id", OLD."valid_from", OLD."valid_to", OLD."weekday"); RETURN NULL;', hash='4d264ffaaf4c19e1eed887cdd2211fb9467829ea', operation='DELETE', pgid='pgtrigger_delete_delete_c92d5', table='grids_weekdayduty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='weekdaydutyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b19d107d6f087a3c141c43bdafc976c1667f8148', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5a205', table='grids_weekdaydutyevent', when='BEFORE')),
        ),
    ]
