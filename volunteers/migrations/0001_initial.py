import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import grids.models.posts
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from people.migrating import InOneGo

from people.ledgers import append_only


class Migration(InOneGo):

    initial = True

    dependencies = [
        ('grids', '0001_initial'),
        ('people', '0001_initial'),
        ('people', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Volunteer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('client_key', models.UUIDField(editable=False, unique=True, verbose_name='client key')),
                ('state', models.CharField(choices=[('waiting', 'waits for the community'), ('active', 'registered'), ('refused', 'not taken on'), ('suspended', 'suspended: the consent is lacking'), ('left', 'has left'), ('merged', 'joined to another registration')], default='waiting', editable=False, max_length=9, verbose_name='state')),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('company', 'keeping elderly neighbours company'), ('children', 'looking after children, homework'), ('lessons', 'teaching a class'), ('repairs', 'small repairs'), ('hair', 'cutting hair'), ('cooking', 'cooking, delivering meals'), ('digital', 'helping with telephones and computers'), ('papers', 'helping with forms and errands'), ('health', 'health and first aid'), ('talking', 'listening and comforting'), ('law', 'explaining the law'), ('mediation', 'settling disputes'), ('arts', 'arts, sports, celebrations'), ('order', 'keeping order, patrols'), ('cleaning', 'cleaning up, sorting waste'), ('driving', 'driving, carrying'), ('language', 'sign language, dialects, foreign languages'), ('writing', 'writing, photographs')], max_length=9), default=list, size=None, verbose_name='skills')),
                ('free', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None, verbose_name='when they are free')),
                ('of_age_on', models.DateField(blank=True, null=True, verbose_name='of age from')),
                ('seat', models.BinaryField(max_length=32, null=True, verbose_name='keyed digest of the number')),
                ('applied_at', models.DateTimeField(verbose_name='applied at')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('refusal', models.CharField(blank=True, max_length=200, verbose_name='why not')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('added_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('home', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='community of home')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='volunteers.volunteer', verbose_name='joined to')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='person')),
                ('work', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='community of work')),
            ],
            options={
                'verbose_name': 'volunteer',
                'verbose_name_plural': 'volunteers',
                'indexes': [models.Index(fields=['home', 'state', '-applied_at'], name='volunteer_of_home'), models.Index(condition=models.Q(('work__isnull', False)), fields=['work'], name='volunteer_of_work'), models.Index(condition=models.Q(('of_age_on__isnull', False)), fields=['of_age_on'], name='volunteer_minor')],
                'constraints': [models.UniqueConstraint(fields=('seat',), name='volunteer_one_seat'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='volunteer_decided_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), models.Q(('refusal', ''), _negated=True)), models.Q(models.Q(('state', 'refused'), _negated=True), ('refusal', '')), _connector='OR'), name='volunteer_refused_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('ends_on__isnull', True), ('state__in', ['active', 'suspended', 'waiting'])), models.Q(models.Q(('state__in', ['active', 'suspended', 'waiting']), _negated=True), ('ends_on__isnull', False)), _connector='OR'), name='volunteer_live_has_no_end'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['left', 'merged']), _negated=True), models.Q(('free', []), ('of_age_on__isnull', True), ('seat__isnull', True), ('skills', []), ('work__isnull', True)), _connector='OR'), name='volunteer_gone_says_nothing'), models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged'), models.Q(('merged_into', models.F('id')), _negated=True)), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into__isnull', True)), _connector='OR'), name='volunteer_merged_into_another')],
            },
        ),
        migrations.CreateModel(
            name='Qualification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('first_aid', 'first aid certificate'), ('medical', 'doctor or nurse'), ('teacher', 'teacher'), ('social', 'social worker'), ('mind', 'psychological counsellor'), ('lawyer', 'lawyer'), ('electrician', 'electrician'), ('driver', 'driving licence'), ('lifeguard', 'lifeguard'), ('sign', 'sign language interpreter')], max_length=11, verbose_name='qualification')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='good until')),
                ('volunteer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='qualifications', to='volunteers.volunteer', verbose_name='volunteer')),
            ],
            options={
                'verbose_name': 'qualification of a volunteer',
                'verbose_name_plural': 'qualifications of volunteers',
                'constraints': [models.UniqueConstraint(fields=('volunteer', 'kind'), name='qualification_once')],
            },
        ),
        migrations.CreateModel(
            name='HomePartner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('neighbour', 'neighbour who is keen to help'), ('retired', 'retired person'), ('youth', 'student or young person'), ('profession', 'professional such as a teacher, doctor or lawyer'), ('merchant', 'shopkeeper'), ('courier', 'courier, driver or other new form of work'), ('property', 'property management'), ('unit', 'employee of a unit in the area'), ('social', 'social organisation')], max_length=12, verbose_name='category')),
                ('duties', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('tells', 'telling the community what residents need'), ('explains', 'explaining policy and rules'), ('helps', 'helping neighbours'), ('settles', 'settling disputes early'), ('watches', 'keeping an eye on safety and order'), ('stands_by', 'standing by in an emergency')], max_length=9), size=None, verbose_name='duties')),
                ('mode', models.CharField(choices=[('peace', 'in normal times'), ('emergency', 'in an emergency'), ('both', 'both')], max_length=9, verbose_name='in peace or emergency')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('term_ends_on', models.DateField(verbose_name='last day of the term')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('added_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='community')),
                ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='volunteers.volunteer', verbose_name='volunteer')),
            ],
            options={
                'verbose_name': 'Happy Home partner',
                'verbose_name_plural': 'Happy Home partners',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('volunteer', 'area'), name='homepartner_once'), models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('term_ends_on'))), name='homepartner_term_in_order'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='homepartner_from_before_to'), models.CheckConstraint(condition=models.Q(('duties', []), _negated=True), name='homepartner_has_a_duty')],
            },
        ),
        migrations.CreateModel(
            name='Guardian',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_proved', models.BooleanField(verbose_name='number proved by a code')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='person')),
                ('volunteer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='guardians', to='volunteers.volunteer', verbose_name='volunteer')),
            ],
            options={
                'verbose_name': 'guardian of a volunteer',
                'verbose_name_plural': 'guardians of volunteers',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('volunteer',), name='guardian_one_in_force'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='guardian_from_before_to')],
            },
        ),
        migrations.CreateModel(
            name='VolunteerEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('registered', 'registered'), ('on_behalf', 'registered by the community on behalf'), ('approved', 'taken on'), ('refused', 'not taken on'), ('again', 'applied again'), ('changed', 'changed'), ('withdrawn', 'consent taken back'), ('consented', 'consent given again'), ('of_age', 'came of age'), ('left', 'has left'), ('merged', 'joined to another registration'), ('copied', 'copy of the data given')], max_length=10, verbose_name='what happened')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('volunteer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='volunteers.volunteer', verbose_name='volunteer')),
            ],
            options={
                'verbose_name': 'event of a volunteer',
                'verbose_name_plural': 'events of volunteers',
                'indexes': [models.Index(fields=['volunteer', 'at'], name='volunteerevent_of')],
            },
        ),
        migrations.CreateModel(
            name='VolunteerTeam',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('grid', 'team of the grid'), ('red_vest', 'red vests'), ('organisation', 'team of an organisation')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='area')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'volunteer team',
                'verbose_name_plural': 'volunteer teams',
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('area', 'name'), name='volunteerteam_once', violation_error_message='This area has a team of this name already.'), models.UniqueConstraint(condition=models.Q(('kind', 'grid'), ('valid_to__isnull', True)), fields=('area',), name='volunteerteam_one_of_a_grid', violation_error_message='This grid has its team already.'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='volunteerteam_from_before_to'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'organisation'), ('organisation__isnull', False)), models.Q(models.Q(('kind', 'organisation'), _negated=True), ('organisation__isnull', True)), _connector='OR'), name='volunteerteam_of_an_organisation')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='volunteers.volunteer', verbose_name='volunteer')),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='volunteers.volunteerteam', verbose_name='team')),
            ],
            options={
                'verbose_name': 'member of a volunteer team',
                'verbose_name_plural': 'members of volunteer teams',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('team', 'volunteer'), name='membership_once'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='membership_from_before_to')],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('given_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
                ('volunteer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='volunteers.volunteer', verbose_name='volunteer')),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='volunteers.volunteerteam', verbose_name='team')),
            ],
            options={
                'verbose_name': 'mandate of a team leader',
                'verbose_name_plural': 'mandates of team leaders',
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='mandate_from_before_to'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('team', '='), (grids.models.posts.Days('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='mandate_one_leader_a_day', violation_error_message='Somebody leads the team on these days already.')],
            },
        ),
        migrations.CreateModel(
            name='VolunteerTeamEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('grid', 'team of the grid'), ('red_vest', 'red vests'), ('organisation', 'team of an organisation')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('made_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.organisation', verbose_name='organisation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='volunteers.volunteerteam')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PartnerAward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('given_on', models.DateField(verbose_name='given on')),
                ('given_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='awards', to='volunteers.homepartner', verbose_name='Happy Home partner')),
            ],
            options={
                'verbose_name': 'outstanding partner of a year',
                'verbose_name_plural': 'outstanding partners of a year',
                'constraints': [models.UniqueConstraint(fields=('partner', 'year'), name='partneraward_once_a_year')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='volunteerteam',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "volunteers_volunteerteamevent" ("area_id", "id", "kind", "made_by_id", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."id", NEW."kind", NEW."made_by_id", NEW."name", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='2be9f65cc14f080bc02c8a67b7887e99984c6556', operation='INSERT', pgid='pgtrigger_insert_insert_02a6d', table='volunteers_volunteerteam', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='volunteerteam',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "volunteers_volunteerteamevent" ("area_id", "id", "kind", "made_by_id", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."id", NEW."kind", NEW."made_by_id", NEW."name", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='991f03b22304e7818d14be7f4a4576f7b9718f87', operation='UPDATE', pgid='pgtrigger_update_update_94d42', table='volunteers_volunteerteam', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='volunteerteamevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6d357f17f74e684559c3c441dcb739f33b679fe8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_521ed', table='volunteers_volunteerteamevent', when='BEFORE')),
        ),
        append_only("volunteers_volunteerevent"),
    ]
