import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import fieldwork.models.shifts
import grids.models.posts
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from people.ledgers import append_only


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('grids', '0001_initial'),
        ('people', '0001_initial'),
        ('people', '__first__'),
        ('petitions', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='PatrolPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('look_at', models.CharField(blank=True, max_length=200, verbose_name='what to look at')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
            ],
            options={
                'verbose_name': 'place on a route',
                'verbose_name_plural': 'places on routes',
            },
        ),
        migrations.CreateModel(
            name='BuildingSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('floors', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='floors above the ground')),
                ('floors_below', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='floors below the ground')),
                ('built_in', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='built in (year)')),
                ('equipment', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('lift', 'Lift'), ('ramp', 'Step-free entrance'), ('entryphone', 'Entry phone'), ('hydrant', 'Fire hydrants'), ('charging', 'Charging points'), ('gas', 'Piped gas'), ('heating', 'Central heating'), ('pump', 'Water pumps')], max_length=10), blank=True, default=list, size=None, verbose_name='equipment')),
                ('remarks', models.CharField(blank=True, max_length=500, verbose_name='remarks')),
                ('building', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='building')),
            ],
            options={
                'verbose_name': 'sheet of a building',
                'verbose_name_plural': 'sheets of buildings',
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='what it is for')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('goal', models.PositiveIntegerField(blank=True, null=True, verbose_name='households to reach')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='area')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
            ],
            options={
                'verbose_name': 'campaign of visits',
                'verbose_name_plural': 'campaigns of visits',
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='campaign_from_before_to'), models.CheckConstraint(condition=models.Q(('goal__isnull', True), ('goal__gte', 1), _connector='OR'), name='campaign_goal_is_some')],
            },
        ),
        migrations.CreateModel(
            name='CampaignItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('text', models.CharField(max_length=80, verbose_name='text')),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='fieldwork.campaign', verbose_name='campaign')),
            ],
            options={
                'verbose_name': 'line of a checklist',
                'verbose_name_plural': 'lines of checklists',
                'constraints': [models.UniqueConstraint(fields=('campaign', 'position'), name='campaignitem_once')],
            },
        ),
        migrations.CreateModel(
            name='DutyPattern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('starts', models.TimeField(verbose_name='begins')),
                ('ends', models.TimeField(help_text='Not after the beginning: on the next day.', verbose_name='ends')),
                ('on_holidays', models.BooleanField(default=True, verbose_name='on public holidays too')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='area')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'pattern of duty',
                'verbose_name_plural': 'patterns of duty',
            },
        ),
        migrations.CreateModel(
            name='DutyShift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(verbose_name='begins at')),
                ('ends_at', models.DateTimeField(verbose_name='ends at')),
                ('words', models.CharField(blank=True, max_length=600, verbose_name='handed over in words')),
                ('handed_at', models.DateTimeField(blank=True, null=True, verbose_name='handed over at')),
                ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='taken over at')),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='area')),
                ('offered_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='offered to')),
                ('pattern', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='fieldwork.dutypattern', verbose_name='pattern')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken over by')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('was', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='whose it was')),
            ],
            options={
                'verbose_name': 'duty shift',
                'verbose_name_plural': 'duty shifts',
            },
        ),
        migrations.CreateModel(
            name='DutyPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=120, verbose_name='what is open')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='fieldwork.dutyshift', verbose_name='duty shift')),
            ],
            options={
                'verbose_name': 'open point of a duty',
                'verbose_name_plural': 'open points of duties',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='dutypoint_done_iff_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Dwelling',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, verbose_name='number of the door')),
                ('floor', models.SmallIntegerField(blank=True, null=True, verbose_name='floor')),
                ('use', models.CharField(choices=[('home', 'Home'), ('mixed', 'Home and business'), ('business', 'Shop or office'), ('other', 'Something else')], default='home', max_length=8, verbose_name='use')),
                ('state', models.CharField(choices=[('lived_in', 'Lived in'), ('empty', 'Empty'), ('works', 'Being built or rebuilt'), ('unknown', 'Not known yet')], default='unknown', max_length=8, verbose_name='state')),
                ('valid_from', models.DateField(verbose_name='there since')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='there until (last day)')),
                ('grid', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='grid')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='building or stairwell')),
            ],
            options={
                'verbose_name': 'house',
                'verbose_name_plural': 'houses',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('place', 'number'), name='dwelling_once_in_a_place'), models.CheckConstraint(condition=models.Q(('number', ''), _negated=True), name='dwelling_number_given'), models.CheckConstraint(condition=models.Q(('use__in', ['home', 'mixed', 'business', 'other'])), name='dwelling_use_known'), models.CheckConstraint(condition=models.Q(('state__in', ['lived_in', 'empty', 'works', 'unknown'])), name='dwelling_state_known'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='dwelling_from_before_to')],
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('door', models.CharField(max_length=20, verbose_name='door')),
                ('people', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='persons written down')),
                ('valid_from', models.DateField(verbose_name='there since')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='there until (last day)')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='who may be asked')),
                ('grid', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='grid')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='building or stairwell')),
            ],
            options={
                'verbose_name': 'household',
                'verbose_name_plural': 'households',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('place', 'door'), name='household_once_behind_a_door'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='household_from_before_to')],
            },
        ),
        migrations.CreateModel(
            name='FileVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('opened', 'Written down'), ('imported', 'Written down from a file'), ('contact', 'Who may be asked'), ('person_added', 'A person of the household was added'), ('person_gone', 'A person of the household moved out'), ('noted', 'A reason for visits was noted'), ('note_ended', 'A reason for visits ended'), ('linked', 'Somebody keeps contact'), ('unlinked', 'Somebody no longer keeps contact'), ('closed', 'Closed'), ('house', 'Use, state or floor of a house'), ('sheet', 'Floors, year or equipment of the building'), ('copied', 'They asked for a copy of their data'), ('corrected', 'They corrected their data'), ('erased', 'They had their data erased')], max_length=16, verbose_name='what changed')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='details')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('building', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='building')),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('dwelling', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='fieldwork.dwelling', verbose_name='house')),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='fieldwork.household', verbose_name='household')),
            ],
            options={
                'verbose_name': 'version of a file',
                'verbose_name_plural': 'versions of files',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('building__isnull', True), ('dwelling__isnull', True), ('household__isnull', False)), models.Q(('building__isnull', True), ('dwelling__isnull', False), ('household__isnull', True)), models.Q(('building__isnull', False), ('dwelling__isnull', True), ('household__isnull', True)), _connector='OR'), name='fileversion_of_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='HouseholdLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='fieldwork.household', verbose_name='household')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'link to a household',
                'verbose_name_plural': 'links to households',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('household', 'user'), name='link_once_at_a_time'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='link_from_before_to')],
            },
        ),
        migrations.CreateModel(
            name='LedgerFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('rows_sealed', models.BinaryField(verbose_name='rows (sealed)')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'file of households',
                'verbose_name_plural': 'files of households',
            },
        ),
        migrations.CreateModel(
            name='Liaison',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('client_key', models.UUIDField(editable=False, unique=True, verbose_name='client key')),
                ('kind', models.CharField(choices=[('liaison', 'Public-sentiment liaison'), ('elderly', 'Elderly person with a telephone')], max_length=8, verbose_name='kind')),
                ('lent', models.CharField(blank=True, max_length=40, verbose_name='telephone lent (inventory number)')),
                ('agreed_on', models.DateField(verbose_name='agreed on')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('added_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('answers', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='worker who answers')),
                ('grid', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='grid')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='person')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='building or stairwell')),
            ],
            options={
                'verbose_name': 'liaison',
                'verbose_name_plural': "liaisons and elderly people's telephones",
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='liaison_from_before_to'), models.CheckConstraint(condition=models.Q(('agreed_on__lte', models.F('starts_on'))), name='liaison_agreed_first')],
            },
        ),
        migrations.CreateModel(
            name='PatrolDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='day')),
                ('opens_at', models.TimeField(blank=True, null=True, verbose_name='begins at')),
                ('due_by', models.TimeField(verbose_name='done by')),
                ('state', models.CharField(choices=[('open', 'To walk'), ('under_way', 'Under way'), ('done', 'Done'), ('missed', 'Not done')], default='open', max_length=10, verbose_name='state')),
                ('begun_at', models.DateTimeField(blank=True, null=True, verbose_name='begun at')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                ('asked', models.PositiveSmallIntegerField(verbose_name='places to pass')),
                ('confirmed', models.PositiveSmallIntegerField(default=0, verbose_name='places confirmed')),
                ('found', models.PositiveSmallIntegerField(default=0, verbose_name='matters found')),
                ('in_time', models.BooleanField(blank=True, null=True, verbose_name='done in time')),
                ('reason', models.CharField(blank=True, choices=[('weather', 'Weather'), ('elsewhere', 'Needed elsewhere'), ('nobody', 'Nobody was there to walk it'), ('other', 'Another reason')], max_length=10, verbose_name='why it was not done')),
                ('up_told', models.BooleanField(default=False, verbose_name='the post above was told')),
                ('walker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='walked by')),
            ],
            options={
                'verbose_name': 'round of a patrol',
                'verbose_name_plural': 'rounds of patrols',
            },
        ),
        migrations.CreateModel(
            name='PatrolFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='fieldwork.patrolduty', verbose_name='round')),
                ('petition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='patrol_finding', to='petitions.petition', verbose_name='petition')),
                ('point', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fieldwork.patrolpoint', verbose_name='place')),
            ],
            options={
                'verbose_name': 'matter found on a round',
                'verbose_name_plural': 'matters found on rounds',
                'indexes': [models.Index(fields=['at'], name='patrolfinding_at')],
            },
        ),
        migrations.CreateModel(
            name='PatrolCheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='at')),
                ('all_right', models.BooleanField(verbose_name='all right')),
                ('where_sealed', models.BinaryField(blank=True, null=True, verbose_name='place of the device (sealed)')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('duty', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='fieldwork.patrolduty', verbose_name='round')),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fieldwork.patrolpoint', verbose_name='place')),
            ],
            options={
                'verbose_name': 'confirmed place of a round',
                'verbose_name_plural': 'confirmed places of rounds',
                'indexes': [models.Index(fields=['at'], name='patrolcheck_at'), models.Index(fields=['by', '-at'], name='patrolcheck_by')],
                'constraints': [models.UniqueConstraint(fields=('duty', 'point'), name='patrolcheck_once')],
            },
        ),
        migrations.CreateModel(
            name='PatrolRoute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('post', models.CharField(choices=[('unit_head', 'unit head'), ('building_head', 'building head'), ('grid_worker', 'grid worker'), ('grid_lead', 'grid lead'), ('community_secretary', 'community secretary'), ('community_worker', 'community worker'), ('dispatcher', 'dispatcher'), ('street_leader', 'street leader'), ('department_handler', 'department handler'), ('department_head', 'department head'), ('supervisor', 'supervisor'), ('district_command', 'district command'), ('system_administrator', 'system administrator')], max_length=24, verbose_name='whose round it is')),
                ('rhythm', models.CharField(choices=[('daily', 'every day'), ('workdays', 'on working days of the work calendar'), ('weekdays', 'on certain weekdays')], default='daily', max_length=8, verbose_name='on which days')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='weekdays')),
                ('on_holidays', models.BooleanField(default=True, help_text='Public holidays as the work calendar names them.', verbose_name='also on public holidays')),
                ('times', django.contrib.postgres.fields.ArrayField(base_field=models.TimeField(), size=None, verbose_name='done by')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('set_at', models.DateTimeField(verbose_name='days and times set at')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='area')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'route of a patrol',
                'verbose_name_plural': 'routes of patrols',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('area', 'name'), name='patrolroute_once', violation_error_message='This area has a route of this name already.'), models.CheckConstraint(condition=models.Q(('rhythm__in', ['daily', 'workdays', 'weekdays'])), name='patrolroute_rhythm_known'), models.CheckConstraint(condition=models.Q(('post__in', ['community_secretary', 'community_worker', 'dispatcher', 'grid_lead', 'grid_worker', 'street_leader'])), name='patrolroute_post_walks'), models.CheckConstraint(condition=models.Q(models.Q(('rhythm', 'weekdays'), ('weekdays__len__gt', 0)), models.Q(models.Q(('rhythm', 'weekdays'), _negated=True), ('weekdays__len', 0)), _connector='OR'), name='patrolroute_weekdays_iff_asked'), models.CheckConstraint(condition=models.Q(('times__len__gte', 1), ('times__len__lte', 6)), name='patrolroute_has_times'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='patrolroute_from_before_to')],
            },
        ),
        migrations.CreateModel(
            name='PatrolPointEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('look_at', models.CharField(blank=True, max_length=200, verbose_name='what to look at')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='fieldwork.patrolpoint')),
                ('route', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='fieldwork.patrolroute', verbose_name='route')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='patrolpoint',
            name='route',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='fieldwork.patrolroute', verbose_name='route'),
        ),
        migrations.AddField(
            model_name='patrolduty',
            name='route',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='fieldwork.patrolroute', verbose_name='route'),
        ),
        migrations.CreateModel(
            name='PatrolRouteEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('post', models.CharField(choices=[('unit_head', 'unit head'), ('building_head', 'building head'), ('grid_worker', 'grid worker'), ('grid_lead', 'grid lead'), ('community_secretary', 'community secretary'), ('community_worker', 'community worker'), ('dispatcher', 'dispatcher'), ('street_leader', 'street leader'), ('department_handler', 'department handler'), ('department_head', 'department head'), ('supervisor', 'supervisor'), ('district_command', 'district command'), ('system_administrator', 'system administrator')], max_length=24, verbose_name='whose round it is')),
                ('rhythm', models.CharField(choices=[('daily', 'every day'), ('workdays', 'on working days of the work calendar'), ('weekdays', 'on certain weekdays')], default='daily', max_length=8, verbose_name='on which days')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='weekdays')),
                ('on_holidays', models.BooleanField(default=True, help_text='Public holidays as the work calendar names them.', verbose_name='also on public holidays')),
                ('times', django.contrib.postgres.fields.ArrayField(base_field=models.TimeField(), size=None, verbose_name='done by')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('set_at', models.DateTimeField(verbose_name='days and times set at')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('made_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='fieldwork.patrolroute')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Resident',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='residents', to='fieldwork.household', verbose_name='household')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'person of a household',
                'verbose_name_plural': 'persons of a household',
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='resident_from_before_to')],
            },
        ),
        migrations.CreateModel(
            name='ServiceStation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=24, unique=True, verbose_name='code')),
                ('kind', models.CharField(choices=[('centre', 'Party–mass service centre'), ('community', 'community service station'), ('convenience', 'convenience service station'), ('red', 'red station'), ('practice', 'civilisation practice station'), ('elderly', 'care station for the elderly'), ('canteen', 'canteen for the elderly'), ('meeting', 'grid meeting point'), ('home', "meeting point at the grid lead's home"), ('social', 'social work point'), ('watch', 'neighbour watch point'), ('talk', 'point to talk things over')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(blank=True, help_text='Empty: it is called by its kind.', max_length=60, verbose_name='name')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='where it is')),
                ('office_phone', models.CharField(blank=True, help_text="The office's, never a private one: it is public.", max_length=32, verbose_name='office telephone')),
                ('offers', models.TextField(blank=True, help_text='One line each.', max_length=600, verbose_name='what it offers')),
                ('step_free', models.BooleanField(default=False, verbose_name='without steps')),
                ('hours_by', models.CharField(choices=[('own', 'hours of its own'), ('hall', 'as the service hall of its area'), ('always', 'day and night'), ('call', 'by arrangement: people call first')], default='hall', max_length=6, verbose_name='opening hours')),
                ('on_holiday', models.CharField(choices=[('closed', 'closed'), ('as_weekday', 'as on that day of the week'), ('as_sunday', 'as on Sundays')], default='closed', help_text='For hours of its own.', max_length=10, verbose_name='on public holidays')),
                ('on_makeup', models.CharField(choices=[('as_monday', 'as on Mondays'), ('as_weekday', 'as on that day of the week')], default='as_monday', help_text='For hours of its own.', max_length=10, verbose_name='on make-up working days')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='area')),
            ],
            options={
                'verbose_name': 'service station',
                'verbose_name_plural': 'service stations',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['centre', 'community', 'convenience', 'red', 'practice', 'elderly', 'canteen', 'meeting', 'home', 'social', 'watch', 'talk'])), name='station_kind_known'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='station_days_in_order', violation_error_message='The last day lies before the first.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'home'), _negated=True), models.Q(('address', ''), ('name', ''), ('office_phone', '')), _connector='OR'), name='station_home_says_nothing', violation_error_message="Of a home only the grid is shown, with the telephone of the lead's post: leave the rest empty.")],
            },
        ),
        migrations.AddField(
            model_name='dutyshift',
            name='station',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fieldwork.servicestation', verbose_name='station'),
        ),
        migrations.CreateModel(
            name='DutyPatternEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('starts', models.TimeField(verbose_name='begins')),
                ('ends', models.TimeField(help_text='Not after the beginning: on the next day.', verbose_name='ends')),
                ('on_holidays', models.BooleanField(default=True, verbose_name='on public holidays too')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='fieldwork.dutypattern')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('station', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='fieldwork.servicestation', verbose_name='station')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='dutypattern',
            name='station',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fieldwork.servicestation', verbose_name='station'),
        ),
        migrations.CreateModel(
            name='ServiceStationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(max_length=24, verbose_name='code')),
                ('kind', models.CharField(choices=[('centre', 'Party–mass service centre'), ('community', 'community service station'), ('convenience', 'convenience service station'), ('red', 'red station'), ('practice', 'civilisation practice station'), ('elderly', 'care station for the elderly'), ('canteen', 'canteen for the elderly'), ('meeting', 'grid meeting point'), ('home', "meeting point at the grid lead's home"), ('social', 'social work point'), ('watch', 'neighbour watch point'), ('talk', 'point to talk things over')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(blank=True, help_text='Empty: it is called by its kind.', max_length=60, verbose_name='name')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='where it is')),
                ('office_phone', models.CharField(blank=True, help_text="The office's, never a private one: it is public.", max_length=32, verbose_name='office telephone')),
                ('offers', models.TextField(blank=True, help_text='One line each.', max_length=600, verbose_name='what it offers')),
                ('step_free', models.BooleanField(default=False, verbose_name='without steps')),
                ('hours_by', models.CharField(choices=[('own', 'hours of its own'), ('hall', 'as the service hall of its area'), ('always', 'day and night'), ('call', 'by arrangement: people call first')], default='hall', max_length=6, verbose_name='opening hours')),
                ('on_holiday', models.CharField(choices=[('closed', 'closed'), ('as_weekday', 'as on that day of the week'), ('as_sunday', 'as on Sundays')], default='closed', help_text='For hours of its own.', max_length=10, verbose_name='on public holidays')),
                ('on_makeup', models.CharField(choices=[('as_monday', 'as on Mondays'), ('as_weekday', 'as on that day of the week')], default='as_monday', help_text='For hours of its own.', max_length=10, verbose_name='on make-up working days')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='fieldwork.servicestation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StationDays',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('opens', models.TimeField(blank=True, help_text='Both empty: it stays closed.', null=True, verbose_name='opens')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='closes')),
                ('words', models.CharField(max_length=120, verbose_name='what people are told')),
                ('station', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='days', to='fieldwork.servicestation', verbose_name='station')),
            ],
            options={
                'verbose_name': 'other hours of a station',
                'verbose_name_plural': 'other hours of stations',
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='stationdays_in_order', violation_error_message='The last day lies before the first.'), models.CheckConstraint(condition=models.Q(models.Q(('closes', None), ('opens', None)), models.Q(models.Q(('opens__lt', models.F('closes')), ('closes', datetime.time(0, 0)), _connector='OR'), ('closes__isnull', False), ('opens__isnull', False)), _connector='OR'), name='stationdays_both_times_or_none', violation_error_message='Give both times, the later last, or none.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('station', '='), (grids.models.posts.Days('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='stationdays_once', violation_error_message='Other hours stand there for one of these days already.')],
            },
        ),
        migrations.CreateModel(
            name='StationDaysEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('opens', models.TimeField(blank=True, help_text='Both empty: it stays closed.', null=True, verbose_name='opens')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='closes')),
                ('words', models.CharField(max_length=120, verbose_name='what people are told')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='fieldwork.stationdays')),
                ('station', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='fieldwork.servicestation', verbose_name='station')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StationHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('month_from', models.PositiveSmallIntegerField(default=1, verbose_name='from month')),
                ('month_to', models.PositiveSmallIntegerField(default=12, verbose_name='to month (inclusive)')),
                ('opens', models.TimeField(verbose_name='opens')),
                ('closes', models.TimeField(verbose_name='closes')),
                ('station', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='fieldwork.servicestation', verbose_name='station')),
            ],
            options={
                'verbose_name': 'opening hours of a station',
                'verbose_name_plural': 'opening hours of stations',
                'constraints': [models.UniqueConstraint(fields=('station', 'weekday', 'month_from', 'opens'), name='stationhours_once', violation_error_message='These hours are there already.'), models.CheckConstraint(condition=models.Q(('weekday__range', (0, 6))), name='stationhours_weekday_known'), models.CheckConstraint(condition=models.Q(('month_from__range', (1, 12)), ('month_to__range', (1, 12))), name='stationhours_months_known', violation_error_message='Months are numbers from 1 to 12.'), models.CheckConstraint(condition=models.Q(('opens__lt', models.F('closes')), ('closes', datetime.time(0, 0)), _connector='OR'), name='stationhours_open_before_close', violation_error_message='Closing time must lie after opening time.')],
            },
        ),
        migrations.CreateModel(
            name='StationHoursEvent',
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
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='fieldwork.stationhours')),
                ('station', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='fieldwork.servicestation', verbose_name='station')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StationTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('centre', 'Party–mass service centre'), ('community', 'community service station'), ('convenience', 'convenience service station'), ('red', 'red station'), ('practice', 'civilisation practice station'), ('elderly', 'care station for the elderly'), ('canteen', 'canteen for the elderly'), ('meeting', 'grid meeting point'), ('home', "meeting point at the grid lead's home"), ('social', 'social work point'), ('watch', 'neighbour watch point'), ('talk', 'point to talk things over')], max_length=12, verbose_name='kind')),
                ('per', models.SmallIntegerField(choices=[(3, 'district'), (4, 'subdistrict or town'), (5, 'community'), (6, 'grid')], verbose_name='for each')),
                ('least', models.PositiveSmallIntegerField(default=1, verbose_name='at least')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='source')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='area')),
            ],
            options={
                'verbose_name': 'wanted number of stations',
                'verbose_name_plural': 'wanted numbers of stations',
                'constraints': [models.UniqueConstraint(fields=('area', 'kind', 'per'), name='stationtarget_once', violation_error_message='There is one for the same case already.'), models.CheckConstraint(condition=models.Q(('least__gte', 1)), name='stationtarget_at_least_one', violation_error_message='A line asks for at least one.')],
            },
        ),
        migrations.CreateModel(
            name='StationTargetEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('centre', 'Party–mass service centre'), ('community', 'community service station'), ('convenience', 'convenience service station'), ('red', 'red station'), ('practice', 'civilisation practice station'), ('elderly', 'care station for the elderly'), ('canteen', 'canteen for the elderly'), ('meeting', 'grid meeting point'), ('home', "meeting point at the grid lead's home"), ('social', 'social work point'), ('watch', 'neighbour watch point'), ('talk', 'point to talk things over')], max_length=12, verbose_name='kind')),
                ('per', models.SmallIntegerField(choices=[(3, 'district'), (4, 'subdistrict or town'), (5, 'community'), (6, 'grid')], verbose_name='for each')),
                ('least', models.PositiveSmallIntegerField(default=1, verbose_name='at least')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='source')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='fieldwork.stationtarget')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('client_key', models.UUIDField(editable=False, unique=True, verbose_name='client key')),
                ('on', models.DateField(verbose_name='day')),
                ('mode', models.CharField(choices=[('door', 'At the door'), ('phone', 'By telephone'), ('group', 'In the group chat'), ('absent', 'Nobody at home')], max_length=8, verbose_name='how')),
                ('outcome', models.CharField(choices=[('well', 'All is well'), ('told', 'Told them something they needed to know'), ('helped', 'Helped on the spot'), ('raised', 'They raised a matter'), ('none', 'Nobody reached')], max_length=8, verbose_name='what came of it')),
                ('words_sealed', models.BinaryField(blank=True, null=True, verbose_name='words (sealed)')),
                ('written_at', models.DateTimeField(verbose_name='written at')),
                ('struck_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='fieldwork.campaign', verbose_name='campaign')),
                ('household', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='fieldwork.household', verbose_name='household')),
            ],
            options={
                'verbose_name': 'visit',
                'verbose_name_plural': 'visits',
                'indexes': [models.Index(condition=models.Q(('struck_at__isnull', True)), fields=['household', 'on'], name='visit_standing'), models.Index(fields=['written_at'], name='visit_written'), models.Index(fields=['by', 'on'], name='visit_by')],
                'constraints': [models.CheckConstraint(condition=models.Q(('mode__in', ['door', 'phone', 'group', 'absent'])), name='visit_mode_known'), models.CheckConstraint(condition=models.Q(models.Q(('mode', 'absent'), ('outcome', 'none')), models.Q(models.Q(('mode', 'absent'), _negated=True), models.Q(('outcome', 'none'), _negated=True)), _connector='OR'), name='visit_nobody_reached_iff_absent')],
            },
        ),
        migrations.CreateModel(
            name='CampaignTick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ticks', to='fieldwork.campaignitem', verbose_name='line')),
                ('visit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ticks', to='fieldwork.visit', verbose_name='visit')),
            ],
            options={
                'verbose_name': 'ticked line',
                'verbose_name_plural': 'ticked lines',
                'constraints': [models.UniqueConstraint(fields=('visit', 'item'), name='tick_once')],
            },
        ),
        migrations.CreateModel(
            name='VisitDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=32, unique=True, verbose_name='code')),
                ('name_zh', models.CharField(max_length=40, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=60, verbose_name='name (English)')),
                ('whom', models.CharField(choices=[('every', 'every household'), ('noted', 'households it is noted for'), ('linked', 'households linked to a person, by that person')], max_length=8, verbose_name='whom')),
                ('needs_consent', models.BooleanField(default=False, help_text='It is then noted with the day they agreed.', verbose_name="only with the household's consent")),
                ('ground_zh', models.CharField(max_length=200, verbose_name='legal ground (Chinese)')),
                ('ground_en', models.CharField(max_length=200, verbose_name='legal ground (English)')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='source')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'kind of visit',
                'verbose_name_plural': 'kinds of visits',
                'constraints': [models.CheckConstraint(condition=models.Q(('whom__in', ['every', 'noted', 'linked'])), name='visitduty_whom_known'), models.CheckConstraint(condition=models.Q(models.Q(('ground_zh', ''), _negated=True), models.Q(('ground_en', ''), _negated=True)), name='visitduty_ground_given', violation_error_message='Say on which legal ground households are visited for this.')],
            },
        ),
        migrations.CreateModel(
            name='VisitCoverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_on', models.DateField(verbose_name='first day')),
                ('last_on', models.DateField(verbose_name='last day')),
                ('asked', models.PositiveIntegerField(verbose_name='households asked for')),
                ('visited', models.PositiveIntegerField(verbose_name='households reached')),
                ('counted_at', models.DateTimeField(verbose_name='counted at')),
                ('grid', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='grid')),
                ('duty', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fieldwork.visitduty', verbose_name='kind of visit')),
            ],
            options={
                'verbose_name': 'coverage of visits',
                'verbose_name_plural': 'coverage of visits',
                'constraints': [models.UniqueConstraint(fields=('duty', 'first_on', 'grid'), name='coverage_once_a_period'), models.CheckConstraint(condition=models.Q(('asked__gte', 1), ('visited__lte', models.F('asked'))), name='coverage_visited_of_asked'), models.CheckConstraint(condition=models.Q(('first_on__lte', models.F('last_on'))), name='coverage_from_before_to')],
            },
        ),
        migrations.CreateModel(
            name='NotedHousehold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('agreed_on', models.DateField(blank=True, null=True, verbose_name='agreed on')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='noted', to='fieldwork.household', verbose_name='household')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ('duty', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fieldwork.visitduty', verbose_name='kind of visit')),
            ],
            options={
                'verbose_name': 'household with a reason to visit',
                'verbose_name_plural': 'households with a reason to visit',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('household', 'duty'), name='noted_once_at_a_time'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='noted_from_before_to')],
            },
        ),
        migrations.CreateModel(
            name='VisitDutyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=32, verbose_name='code')),
                ('name_zh', models.CharField(max_length=40, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=60, verbose_name='name (English)')),
                ('whom', models.CharField(choices=[('every', 'every household'), ('noted', 'households it is noted for'), ('linked', 'households linked to a person, by that person')], max_length=8, verbose_name='whom')),
                ('needs_consent', models.BooleanField(default=False, help_text='It is then noted with the day they agreed.', verbose_name="only with the household's consent")),
                ('ground_zh', models.CharField(max_length=200, verbose_name='legal ground (Chinese)')),
                ('ground_en', models.CharField(max_length=200, verbose_name='legal ground (English)')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='source')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='fieldwork.visitduty')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VisitRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cadence', models.CharField(choices=[('week', 'once a week'), ('month', 'once a month'), ('quarter', 'once a quarter'), ('half_year', 'once in half a year'), ('year', 'once a year'), ('never', 'not asked for here')], max_length=10, verbose_name='how often')),
                ('modes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('door', 'At the door'), ('phone', 'By telephone'), ('group', 'In the group chat'), ('absent', 'Nobody at home')], max_length=8), size=None, verbose_name='what counts')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='source')),
                ('area', models.ForeignKey(blank=True, help_text='Empty: everywhere.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='area')),
                ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='fieldwork.visitduty', verbose_name='kind of visit')),
            ],
            options={
                'verbose_name': 'rule for visits',
                'verbose_name_plural': 'rules for visits',
                'constraints': [models.UniqueConstraint(fields=('duty', 'area', 'valid_from'), name='visitrule_once', nulls_distinct=False, violation_error_message='There is one for the same case from the same day.'), models.CheckConstraint(condition=models.Q(('cadence__in', ['week', 'month', 'quarter', 'half_year', 'year', 'never'])), name='visitrule_cadence_known'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='visitrule_from_before_to', violation_error_message='The last day lies before the first.'), models.CheckConstraint(condition=models.Q(('modes__len__gt', 0), models.Q(('modes__contains', ['absent']), _negated=True)), name='visitrule_counts_something', violation_error_message='Say what counts; that nobody was at home never does.')],
            },
        ),
        migrations.CreateModel(
            name='VisitRuleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('cadence', models.CharField(choices=[('week', 'once a week'), ('month', 'once a month'), ('quarter', 'once a quarter'), ('half_year', 'once in half a year'), ('year', 'once a year'), ('never', 'not asked for here')], max_length=10, verbose_name='how often')),
                ('modes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('door', 'At the door'), ('phone', 'By telephone'), ('group', 'In the group chat'), ('absent', 'Nobody at home')], max_length=8), size=None, verbose_name='what counts')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='source')),
                ('area', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty: everywhere.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('duty', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='fieldwork.visitduty', verbose_name='kind of visit')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='fieldwork.visitrule')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='patrolpoint',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('route', 'position'), name='patrolpoint_once'),
        ),
        migrations.AddIndex(
            model_name='patrolduty',
            index=models.Index(condition=models.Q(('state__in', ('open', 'under_way'))), fields=['on'], name='patrolduty_to_walk'),
        ),
        migrations.AddIndex(
            model_name='patrolduty',
            index=models.Index(condition=models.Q(('reason', ''), ('state', 'missed'), ('up_told', False)), fields=['on'], name='patrolduty_missed'),
        ),
        migrations.AddIndex(
            model_name='patrolduty',
            index=models.Index(condition=models.Q(('walker__isnull', False)), fields=['walker', 'on'], name='patrolduty_walker'),
        ),
        migrations.AddConstraint(
            model_name='patrolduty',
            constraint=models.UniqueConstraint(fields=('route', 'on', 'due_by'), name='patrolduty_once'),
        ),
        migrations.AddConstraint(
            model_name='patrolduty',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'under_way', 'done', 'missed'])), name='patrolduty_state_known'),
        ),
        migrations.AddConstraint(
            model_name='patrolduty',
            constraint=models.CheckConstraint(condition=models.Q(('asked__gte', 1), ('confirmed__lte', models.F('asked'))), name='patrolduty_asks_something'),
        ),
        migrations.AddConstraint(
            model_name='patrolduty',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed', models.F('asked')), ('in_time__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('confirmed__lt', models.F('asked')), ('in_time__isnull', True)), _connector='OR'), name='patrolduty_done_iff_all_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='patrolduty',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'missed'), _connector='OR'), name='patrolduty_reason_only_if_missed'),
        ),
        migrations.AddIndex(
            model_name='dutyshift',
            index=models.Index(fields=['area', 'starts_at'], name='shift_of_area'),
        ),
        migrations.AddIndex(
            model_name='dutyshift',
            index=models.Index(condition=models.Q(('handed_at', None)), fields=['ends_at'], name='shift_not_handed'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.UniqueConstraint(fields=('pattern', 'starts_at'), name='shift_once_of_a_pattern'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='shift_begins_before_end'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.CheckConstraint(condition=models.Q(('handed_at', None), ('user__isnull', False), _connector='OR'), name='shift_handed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_at', None), ('taken_by', None)), models.Q(('handed_at__isnull', False), ('taken_at__isnull', False), ('taken_by__isnull', False)), _connector='OR'), name='shift_taken_iff_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), (fieldwork.models.shifts.Moments('starts_at', 'ends_at'), '&&')], name='shift_not_two_at_once'),
        ),
        migrations.AddConstraint(
            model_name='dutypattern',
            constraint=models.UniqueConstraint(fields=('area', 'station', 'user', 'weekday', 'starts', 'valid_from'), name='dutypattern_once', nulls_distinct=False, violation_error_message='This stands in the schedule already.'),
        ),
        migrations.AddConstraint(
            model_name='dutypattern',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__range', (0, 6))), name='dutypattern_weekday_known'),
        ),
        migrations.AddConstraint(
            model_name='dutypattern',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='dutypattern_from_before_to', violation_error_message='The last day lies before the first.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitduty',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_visitdutyevent" ("code", "ground_en", "ground_zh", "id", "name_en", "name_zh", "needs_consent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "source", "whom") VALUES (NEW."code", NEW."ground_en", NEW."ground_zh", NEW."id", NEW."name_en", NEW."name_zh", NEW."needs_consent", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."source", NEW."whom"); RETURN NULL;', hash='d2ecf03c2a825a7b7be0e7f2acfd5afdc39315ee', operation='INSERT', pgid='pgtrigger_insert_insert_e46a9', table='fieldwork_visitduty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitduty',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "fieldwork_visitdutyevent" ("code", "ground_en", "ground_zh", "id", "name_en", "name_zh", "needs_consent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "source", "whom") VALUES (NEW."code", NEW."ground_en", NEW."ground_zh", NEW."id", NEW."name_en", NEW."name_zh", NEW."needs_consent", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."source", NEW."whom"); RETURN NULL;', hash='d08e37a0d23a4d3dca9775033d452c6099085de5', operation='UPDATE', pgid='pgtrigger_update_update_4bdf1', table='fieldwork_visitduty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fileversion',
            trigger=pgtrigger.compiler.Trigger(name='version_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='66f64a6d0dc05a41b6b184e6f70e85f43c7629a3', operation='UPDATE OR DELETE', pgid='pgtrigger_version_append_only_3121a', table='fieldwork_fileversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patrolroute',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_patrolrouteevent" ("area_id", "id", "made_by_id", "name", "on_holidays", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post", "rhythm", "set_at", "times", "valid_from", "valid_to", "weekdays") VALUES (NEW."area_id", NEW."id", NEW."made_by_id", NEW."name", NEW."on_holidays", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."post", NEW."rhythm", NEW."set_at", NEW."times", NEW."valid_from", NEW."valid_to", NEW."weekdays"); RETURN NULL;', hash='54a9137369eb1d6a0fd711626bf14d3bfe3effe1', operation='INSERT', pgid='pgtrigger_insert_insert_b70db', table='fieldwork_patrolroute', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patrolroute',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "fieldwork_patrolrouteevent" ("area_id", "id", "made_by_id", "name", "on_holidays", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post", "rhythm", "set_at", "times", "valid_from", "valid_to", "weekdays") VALUES (NEW."area_id", NEW."id", NEW."made_by_id", NEW."name", NEW."on_holidays", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."post", NEW."rhythm", NEW."set_at", NEW."times", NEW."valid_from", NEW."valid_to", NEW."weekdays"); RETURN NULL;', hash='3af76eaea7246bd8c708bfbd2c04aff74d621881', operation='UPDATE', pgid='pgtrigger_update_update_c5e86', table='fieldwork_patrolroute', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patrolpointevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='99ffbf5519e4dbe6aea41d39b08310ddec091f43', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_efad4', table='fieldwork_patrolpointevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patrolpoint',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_patrolpointevent" ("ends_on", "id", "look_at", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "route_id", "starts_on") VALUES (NEW."ends_on", NEW."id", NEW."look_at", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."route_id", NEW."starts_on"); RETURN NULL;', hash='f8a8646f235b65b78cdfcc1c585097c2a5c82ca9', operation='INSERT', pgid='pgtrigger_insert_insert_82ef2', table='fieldwork_patrolpoint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patrolpoint',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "fieldwork_patrolpointevent" ("ends_on", "id", "look_at", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "route_id", "starts_on") VALUES (NEW."ends_on", NEW."id", NEW."look_at", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."route_id", NEW."starts_on"); RETURN NULL;', hash='b83495980e8920708bef5cd715246e03b8fe659d', operation='UPDATE', pgid='pgtrigger_update_update_a3b44', table='fieldwork_patrolpoint', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patrolrouteevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b59395d50d425a846b87f84ff9e5ce1bae5756dd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0127a', table='fieldwork_patrolrouteevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicestation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_servicestationevent" ("address", "area_id", "code", "hours_by", "id", "kind", "name", "offers", "office_phone", "on_holiday", "on_makeup", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "step_free", "valid_from", "valid_to") VALUES (NEW."address", NEW."area_id", NEW."code", NEW."hours_by", NEW."id", NEW."kind", NEW."name", NEW."offers", NEW."office_phone", NEW."on_holiday", NEW."on_makeup", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."step_free", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='f2328ba23caa8d845fc163c7bf30d58d190fca11', operation='INSERT', pgid='pgtrigger_insert_insert_38042', table='fieldwork_servicestation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicestation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "fieldwork_servicestationevent" ("address", "area_id", "code", "hours_by", "id", "kind", "name", "offers", "office_phone", "on_holiday", "on_makeup", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "step_free", "valid_from", "valid_to") VALUES (NEW."address", NEW."area_id", NEW."code", NEW."hours_by", NEW."id", NEW."kind", NEW."name", NEW."offers", NEW."office_phone", NEW."on_holiday", NEW."on_makeup", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."step_free", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='fb130b2fb732d629c255577a826536f5af8a2d2c', operation='UPDATE', pgid='pgtrigger_update_update_47ad0', table='fieldwork_servicestation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutypatternevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b718fce71ec9e06ddcd324efda4de46ef8054b82', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9dc5b', table='fieldwork_dutypatternevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutypattern',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_dutypatternevent" ("area_id", "ends", "id", "on_holidays", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts", "station_id", "user_id", "valid_from", "valid_to", "weekday") VALUES (NEW."area_id", NEW."ends", NEW."id", NEW."on_holidays", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts", NEW."station_id", NEW."user_id", NEW."valid_from", NEW."valid_to", NEW."weekday"); RETURN NULL;', hash='1dc38857ac2342b6088afae64c9e0bc730717af5', operation='INSERT', pgid='pgtrigger_insert_insert_528a4', table='fieldwork_dutypattern', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutypattern',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "fieldwork_dutypatternevent" ("area_id", "ends", "id", "on_holidays", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts", "station_id", "user_id", "valid_from", "valid_to", "weekday") VALUES (NEW."area_id", NEW."ends", NEW."id", NEW."on_holidays", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts", NEW."station_id", NEW."user_id", NEW."valid_from", NEW."valid_to", NEW."weekday"); RETURN NULL;', hash='cec3c75d626805282a43de7cf028100fc35fdbe4', operation='UPDATE', pgid='pgtrigger_update_update_d7dcf', table='fieldwork_dutypattern', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dutypattern',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_dutypatternevent" ("area_id", "ends", "id", "on_holidays", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts", "station_id", "user_id", "valid_from", "valid_to", "weekday") VALUES (OLD."area_id", OLD."ends", OLD."id", OLD."on_holidays", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts", OLD."station_id", OLD."user_id", OLD."valid_from", OLD."valid_to", OLD."weekday"); RETURN NULL;', hash='4a644a68d9179afba75cb9cb9d897b860a0e5a64', operation='DELETE', pgid='pgtrigger_delete_delete_8578e', table='fieldwork_dutypattern', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicestationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f0d0b49817596903a3c0425c5d494b37e639e9cd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_70d24', table='fieldwork_servicestationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationdays',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_stationdaysevent" ("closes", "ends_on", "id", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "station_id", "words") VALUES (NEW."closes", NEW."ends_on", NEW."id", NEW."opens", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on", NEW."station_id", NEW."words"); RETURN NULL;', hash='69b39f1c8c742f733bf5d58876df299979abab5a', operation='INSERT', pgid='pgtrigger_insert_insert_42351', table='fieldwork_stationdays', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationdays',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "fieldwork_stationdaysevent" ("closes", "ends_on", "id", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "station_id", "words") VALUES (NEW."closes", NEW."ends_on", NEW."id", NEW."opens", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on", NEW."station_id", NEW."words"); RETURN NULL;', hash='6e91845a00854a235629ac104eb623a52257c45d', operation='UPDATE', pgid='pgtrigger_update_update_d1ef5', table='fieldwork_stationdays', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationdays',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_stationdaysevent" ("closes", "ends_on", "id", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "station_id", "words") VALUES (OLD."closes", OLD."ends_on", OLD."id", OLD."opens", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts_on", OLD."station_id", OLD."words"); RETURN NULL;', hash='cf5784dcf206c14392de7f3fe1be95dab43ef967', operation='DELETE', pgid='pgtrigger_delete_delete_22ed2', table='fieldwork_stationdays', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationdaysevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f4d1bda43e2bd2b06c5fb05c1104a5bd2d0080f2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e5330', table='fieldwork_stationdaysevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationhours',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_stationhoursevent" ("closes", "id", "month_from", "month_to", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "station_id", "weekday") VALUES (NEW."closes", NEW."id", NEW."month_from", NEW."month_to", NEW."opens", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."station_id", NEW."weekday"); RETURN NULL;', hash='f7086370edd91793f42f461185f22c13ec800b2a', operation='INSERT', pgid='pgtrigger_insert_insert_7d817', table='fieldwork_stationhours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationhours',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "fieldwork_stationhoursevent" ("closes", "id", "month_from", "month_to", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "station_id", "weekday") VALUES (NEW."closes", NEW."id", NEW."month_from", NEW."month_to", NEW."opens", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."station_id", NEW."weekday"); RETURN NULL;', hash='dad6e064b0643c0382d8b9c59a47ffba2d98755b', operation='UPDATE', pgid='pgtrigger_update_update_e8c1f', table='fieldwork_stationhours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationhours',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_stationhoursevent" ("closes", "id", "month_from", "month_to", "opens", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "station_id", "weekday") VALUES (OLD."closes", OLD."id", OLD."month_from", OLD."month_to", OLD."opens", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."station_id", OLD."weekday"); RETURN NULL;', hash='d85fc741f552a9ee3a3829e35192e4edb258e9a0', operation='DELETE', pgid='pgtrigger_delete_delete_4dadd', table='fieldwork_stationhours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationhoursevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='24a6f0384e11dff3d97a44910d8933ff4ee9c92c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d9e08', table='fieldwork_stationhoursevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationtarget',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_stationtargetevent" ("area_id", "id", "kind", "least", "per", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."area_id", NEW."id", NEW."kind", NEW."least", NEW."per", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source"); RETURN NULL;', hash='1066d9e764fd3649a09829301e989c18ee157ec6', operation='INSERT', pgid='pgtrigger_insert_insert_0fec9', table='fieldwork_stationtarget', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationtarget',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "fieldwork_stationtargetevent" ("area_id", "id", "kind", "least", "per", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."area_id", NEW."id", NEW."kind", NEW."least", NEW."per", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source"); RETURN NULL;', hash='3dd74a2549d2344822c80f333b722b0fd1417161', operation='UPDATE', pgid='pgtrigger_update_update_289a7', table='fieldwork_stationtarget', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationtarget',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_stationtargetevent" ("area_id", "id", "kind", "least", "per", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (OLD."area_id", OLD."id", OLD."kind", OLD."least", OLD."per", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source"); RETURN NULL;', hash='b78a8d989232883f515fe3b1bf5e91750d2aebb3', operation='DELETE', pgid='pgtrigger_delete_delete_357fe', table='fieldwork_stationtarget', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationtargetevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='252f045e4acee9d80727ef81b0547254d0946276', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_96a4e', table='fieldwork_stationtargetevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitdutyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fed66c34c9e3b1ba0acb130e614124dbf048fc0c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d2d7b', table='fieldwork_visitdutyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitrule',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "fieldwork_visitruleevent" ("area_id", "cadence", "duty_id", "id", "modes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."cadence", NEW."duty_id", NEW."id", NEW."modes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='dca06748716d71b64f79be2b8133b6c2b0eb5128', operation='INSERT', pgid='pgtrigger_insert_insert_3bd66', table='fieldwork_visitrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitrule',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "fieldwork_visitruleevent" ("area_id", "cadence", "duty_id", "id", "modes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."cadence", NEW."duty_id", NEW."id", NEW."modes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='bd20679884214452616fabcbd72cbe1dd093bc18', operation='UPDATE', pgid='pgtrigger_update_update_5d32c', table='fieldwork_visitrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visitruleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='969ca1af7cf79dc0653f751632e18f53dbd71844', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e2982', table='fieldwork_visitruleevent', when='BEFORE')),
        ),
        append_only("fieldwork_fileversion"),
    ]
