import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from people.migrating import InOneGo


class Migration(InOneGo):

    initial = True

    dependencies = [
        ('grids', '0001_initial'),
        ('notifications', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('date', models.DateField(primary_key=True, serialize=False, verbose_name='date')),
                ('kind', models.CharField(choices=[('holiday', 'Holiday'), ('makeup_workday', 'Make-up working day')], max_length=16, verbose_name='kind')),
                ('code', models.SlugField(max_length=30, verbose_name='holiday')),
                ('name_zh', models.CharField(max_length=60, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=60, verbose_name='name (English)')),
            ],
            options={
                'verbose_name': 'calendar day',
                'verbose_name_plural': 'calendar days',
            },
        ),
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name='year')),
                ('notice', models.CharField(blank=True, max_length=200, verbose_name='notice')),
                ('confirmed', models.BooleanField(default=False, verbose_name='confirmed')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
            ],
            options={
                'verbose_name': 'calendar year',
                'verbose_name_plural': 'calendar years',
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='name')),
                ('last_run_at', models.DateTimeField(verbose_name='last run at')),
                ('handled', models.PositiveIntegerField(default=0, verbose_name='handled')),
            ],
            options={
                'verbose_name': 'heartbeat',
                'verbose_name_plural': 'heartbeats',
            },
        ),
        migrations.CreateModel(
            name='HoursMark',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='name')),
                ('fingerprint', models.CharField(max_length=64, verbose_name='fingerprint')),
                ('seen_at', models.DateTimeField(verbose_name='seen at')),
            ],
            options={
                'verbose_name': 'mark of the opening hours',
                'verbose_name_plural': 'marks of the opening hours',
            },
        ),
        migrations.CreateModel(
            name='Rung',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.CharField(help_text='80%, -1wd, overdue, overdue+1wd …', max_length=24, verbose_name='fires at')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('level', models.CharField(choices=[('unit', 'Handling unit'), ('grid', 'Grid'), ('community', 'Community'), ('street', 'Subdistrict'), ('district', 'District'), ('one_up', 'One level up')], max_length=12, verbose_name='level')),
                ('posts', models.JSONField(default=list, verbose_name='posts told')),
                ('action', models.CharField(choices=[('remind', 'Reminder'), ('yellow', 'Yellow card: due soon'), ('red', 'Red card: late'), ('supervise', 'Supervision'), ('reassign_offer', 'Offered to the next on duty'), ('human_only', 'A person must act')], max_length=16, verbose_name='action')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('is_default', models.BooleanField(default=False, verbose_name='from the default ladder')),
            ],
            options={
                'verbose_name': 'rung',
                'verbose_name_plural': 'rungs',
            },
        ),
        migrations.CreateModel(
            name='CalendarDayEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('date', models.DateField(serialize=False, verbose_name='date')),
                ('kind', models.CharField(choices=[('holiday', 'Holiday'), ('makeup_workday', 'Make-up working day')], max_length=16, verbose_name='kind')),
                ('code', models.SlugField(db_index=False, max_length=30, verbose_name='holiday')),
                ('name_zh', models.CharField(max_length=60, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=60, verbose_name='name (English)')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='deadlines.calendarday')),
                ('year', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='deadlines.calendaryear', verbose_name='year')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='calendarday',
            name='year',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='deadlines.calendaryear', verbose_name='year'),
        ),
        migrations.CreateModel(
            name='CalendarYearEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('year', models.PositiveSmallIntegerField(serialize=False, verbose_name='year')),
                ('notice', models.CharField(blank=True, max_length=200, verbose_name='notice')),
                ('confirmed', models.BooleanField(default=False, verbose_name='confirmed')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='deadlines.calendaryear')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40, verbose_name='key')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('name_zh', models.CharField(max_length=60, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=80, verbose_name='name (English)')),
                ('clock', models.CharField(choices=[('natural', 'Every minute'), ('working', 'Statutory working time'), ('service_hours', "The community's service hours"), ('calendar_day', 'Calendar days')], max_length=16, verbose_name='clock')),
                ('source', models.TextField(blank=True, verbose_name='source')),
                ('source_status', models.TextField(blank=True, verbose_name='source status')),
                ('rules', models.JSONField(blank=True, default=dict, verbose_name='extension, return and callback rules')),
                ('edited', models.BooleanField(default=False, verbose_name='edited here')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'verbose_name': 'SLA policy',
                'verbose_name_plural': 'SLA policies',
                'constraints': [models.UniqueConstraint(fields=('key', 'version'), name='policy_version_once'), models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('key',), name='policy_one_open_version')],
            },
        ),
        migrations.CreateModel(
            name='PolicyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.SlugField(db_index=False, max_length=40, verbose_name='key')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('name_zh', models.CharField(max_length=60, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=80, verbose_name='name (English)')),
                ('clock', models.CharField(choices=[('natural', 'Every minute'), ('working', 'Statutory working time'), ('service_hours', "The community's service hours"), ('calendar_day', 'Calendar days')], max_length=16, verbose_name='clock')),
                ('source', models.TextField(blank=True, verbose_name='source')),
                ('source_status', models.TextField(blank=True, verbose_name='source status')),
                ('rules', models.JSONField(blank=True, default=dict, verbose_name='extension, return and callback rules')),
                ('edited', models.BooleanField(default=False, verbose_name='edited here')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='deadlines.policy')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PolicyOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category_code', models.CharField(blank=True, help_text='Empty: all.', max_length=16, verbose_name='category code')),
                ('tier', models.CharField(blank=True, help_text='Empty: all.', max_length=16, verbose_name='tier')),
                ('urgency', models.CharField(blank=True, help_text='Empty: all.', max_length=16, verbose_name='urgency')),
                ('policy_key', models.SlugField(max_length=40, verbose_name='policy')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(blank=True, help_text='Empty: everywhere.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='grids.area', verbose_name='area')),
            ],
            options={
                'verbose_name': 'policy by area',
                'verbose_name_plural': 'policies by area',
                'constraints': [models.UniqueConstraint(fields=('area', 'category_code', 'tier', 'urgency', 'valid_from'), name='policy_override_once', nulls_distinct=False, violation_error_message='There is one for the same case from the same day.'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='policy_override_from_before_to', violation_error_message='The last day lies before the first.')],
            },
        ),
        migrations.CreateModel(
            name='PolicyOverrideEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('category_code', models.CharField(blank=True, help_text='Empty: all.', max_length=16, verbose_name='category code')),
                ('tier', models.CharField(blank=True, help_text='Empty: all.', max_length=16, verbose_name='tier')),
                ('urgency', models.CharField(blank=True, help_text='Empty: all.', max_length=16, verbose_name='urgency')),
                ('policy_key', models.SlugField(db_index=False, max_length=40, verbose_name='policy')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('area', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty: everywhere.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='deadlines.policyoverride')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RecomputeRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('calendar', 'The work calendar changed'), ('hours', 'The opening hours changed'), ('policy', 'A policy has a new version'), ('command', 'Asked for by hand')], max_length=10, verbose_name='reason')),
                ('since', models.DateField(blank=True, null=True, verbose_name='changed from')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('planned_at', models.DateTimeField(blank=True, null=True, verbose_name='cut into batches at')),
                ('seen', models.PositiveIntegerField(default=0, verbose_name='clocks seen')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='clocks changed')),
                ('broken', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None, verbose_name='could not be computed')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                ('policy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='recomputations', to='deadlines.policy', verbose_name='new version')),
            ],
            options={
                'verbose_name': 'recomputation',
                'verbose_name_plural': 'recomputations',
                'indexes': [models.Index(condition=models.Q(('finished_at', None)), fields=['id'], name='recompute_unfinished')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('policy__isnull', True), ('since__isnull', False)), models.Q(('policy__isnull', False), ('since__isnull', True)), _connector='OR'), name='recompute_since_or_policy')],
            },
        ),
        migrations.CreateModel(
            name='RecomputeBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.CharField(max_length=40, verbose_name='kind of clock')),
                ('first_pk', models.BigIntegerField(verbose_name='first clock')),
                ('last_pk', models.BigIntegerField(verbose_name='last clock')),
                ('held', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None, verbose_name='held by others')),
                ('tries', models.PositiveIntegerField(default=0, verbose_name='times')),
                ('seen', models.PositiveIntegerField(default=0, verbose_name='clocks seen')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='clocks changed')),
                ('broken', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None, verbose_name='could not be computed')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='deadlines.recomputerun', verbose_name='recomputation')),
            ],
            options={
                'verbose_name': 'batch of a recomputation',
                'verbose_name_plural': 'batches of a recomputation',
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['run', 'tries', 'id'], name='recompute_batch_next')],
            },
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('name_zh', models.CharField(max_length=60, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=80, verbose_name='name (English)')),
                ('limit_value', models.PositiveSmallIntegerField(verbose_name='limit')),
                ('limit_unit', models.CharField(choices=[('minute', 'minute'), ('hour', 'hour'), ('workday', 'working day'), ('day', 'day')], max_length=8, verbose_name='unit')),
                ('clock', models.CharField(choices=[('natural', 'Every minute'), ('working', 'Statutory working time'), ('service_hours', "The community's service hours"), ('calendar_day', 'Calendar days')], max_length=16, verbose_name='clock')),
                ('anchor', models.SlugField(max_length=40, verbose_name='starts with')),
                ('stopped_by', models.SlugField(max_length=40, verbose_name='stopped by')),
                ('nature', models.CharField(choices=[('duty', 'Duty (late escalates)'), ('window', 'Window (a right that lapses)'), ('minimum', 'Minimum (may not end earlier)')], default='duty', max_length=8, verbose_name='nature')),
                ('applies_when', models.CharField(blank=True, max_length=80, verbose_name='applies when')),
                ('actor', models.SlugField(blank=True, max_length=40, verbose_name='whose move')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='deadlines.policy', verbose_name='policy')),
            ],
            options={
                'verbose_name': 'stage',
                'verbose_name_plural': 'stages',
                'constraints': [models.UniqueConstraint(fields=('policy', 'code'), name='stage_code_once_per_policy')],
            },
        ),
        migrations.CreateModel(
            name='RungEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('at', models.CharField(help_text='80%, -1wd, overdue, overdue+1wd …', max_length=24, verbose_name='fires at')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('level', models.CharField(choices=[('unit', 'Handling unit'), ('grid', 'Grid'), ('community', 'Community'), ('street', 'Subdistrict'), ('district', 'District'), ('one_up', 'One level up')], max_length=12, verbose_name='level')),
                ('posts', models.JSONField(default=list, verbose_name='posts told')),
                ('action', models.CharField(choices=[('remind', 'Reminder'), ('yellow', 'Yellow card: due soon'), ('red', 'Red card: late'), ('supervise', 'Supervision'), ('reassign_offer', 'Offered to the next on duty'), ('human_only', 'A person must act')], max_length=16, verbose_name='action')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('is_default', models.BooleanField(default=False, verbose_name='from the default ladder')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='deadlines.rung')),
                ('stage', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='deadlines.stage', verbose_name='stage')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='rung',
            name='stage',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rungs', to='deadlines.stage', verbose_name='stage'),
        ),
        migrations.CreateModel(
            name='StageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('name_zh', models.CharField(max_length=60, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(max_length=80, verbose_name='name (English)')),
                ('limit_value', models.PositiveSmallIntegerField(verbose_name='limit')),
                ('limit_unit', models.CharField(choices=[('minute', 'minute'), ('hour', 'hour'), ('workday', 'working day'), ('day', 'day')], max_length=8, verbose_name='unit')),
                ('clock', models.CharField(choices=[('natural', 'Every minute'), ('working', 'Statutory working time'), ('service_hours', "The community's service hours"), ('calendar_day', 'Calendar days')], max_length=16, verbose_name='clock')),
                ('anchor', models.SlugField(db_index=False, max_length=40, verbose_name='starts with')),
                ('stopped_by', models.SlugField(db_index=False, max_length=40, verbose_name='stopped by')),
                ('nature', models.CharField(choices=[('duty', 'Duty (late escalates)'), ('window', 'Window (a right that lapses)'), ('minimum', 'Minimum (may not end earlier)')], default='duty', max_length=8, verbose_name='nature')),
                ('applies_when', models.CharField(blank=True, max_length=80, verbose_name='applies when')),
                ('actor', models.SlugField(blank=True, db_index=False, max_length=40, verbose_name='whose move')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='deadlines.stage')),
                ('policy', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='deadlines.policy', verbose_name='policy')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SweepFault',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.CharField(max_length=40, verbose_name='kind of clock')),
                ('clock_id', models.BigIntegerField(verbose_name='clock')),
                ('first_seen_at', models.DateTimeField(verbose_name='first seen at')),
                ('last_seen_at', models.DateTimeField(verbose_name='last seen at')),
                ('times', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('error', models.CharField(max_length=200, verbose_name='error')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
            ],
            options={
                'verbose_name': 'sweep fault',
                'verbose_name_plural': 'sweep faults',
                'constraints': [models.UniqueConstraint(fields=('family', 'clock_id'), name='sweep_fault_once_per_clock')],
            },
        ),
        migrations.CreateModel(
            name='ChatDigest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.UUIDField(editable=False, verbose_name='digest')),
                ('matters', models.PositiveIntegerField(verbose_name='matters')),
                ('params', models.JSONField(verbose_name='codes and numbers of the first')),
                ('url_path', models.CharField(max_length=200, verbose_name='page')),
                ('created_at', models.DateTimeField(verbose_name='of the sweep at')),
                ('not_before', models.DateTimeField(blank=True, null=True, verbose_name='not sent before')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('webhook', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notifications.webhook', verbose_name='group chat')),
            ],
            options={
                'verbose_name': 'digest of a group chat',
                'verbose_name_plural': 'digests of group chats',
                'constraints': [models.UniqueConstraint(fields=('digest', 'webhook'), name='chat_digest_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='rung',
            constraint=models.UniqueConstraint(fields=('stage', 'position'), name='rung_position_once_per_stage'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendaryear',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "deadlines_calendaryearevent" ("changed_at", "confirmed", "notice", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "year") VALUES (NEW."changed_at", NEW."confirmed", NEW."notice", _pgh_attach_context(), NOW(), \'insert\', NEW."year", NEW."year"); RETURN NULL;', hash='e345bca54c10929be19ee8fb591d6a509c3ea145', operation='INSERT', pgid='pgtrigger_insert_insert_829c5', table='deadlines_calendaryear', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendaryear',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "deadlines_calendaryearevent" ("changed_at", "confirmed", "notice", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "year") VALUES (NEW."changed_at", NEW."confirmed", NEW."notice", _pgh_attach_context(), NOW(), \'update\', NEW."year", NEW."year"); RETURN NULL;', hash='f273f7699f84fbd6ac6e01556611d8d3db1936f9', operation='UPDATE', pgid='pgtrigger_update_update_633da', table='deadlines_calendaryear', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "deadlines_policyevent" ("clock", "edited", "id", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rules", "source", "source_status", "valid_from", "valid_to", "version") VALUES (NEW."clock", NEW."edited", NEW."id", NEW."key", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rules", NEW."source", NEW."source_status", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='583231624154a38fc3e04bec5f6326a66e5240e4', operation='INSERT', pgid='pgtrigger_insert_insert_2b35f', table='deadlines_policy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "deadlines_policyevent" ("clock", "edited", "id", "key", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rules", "source", "source_status", "valid_from", "valid_to", "version") VALUES (NEW."clock", NEW."edited", NEW."id", NEW."key", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rules", NEW."source", NEW."source_status", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='55bc3e153a04563440e138009d159d9101fc9c9b', operation='UPDATE', pgid='pgtrigger_update_update_fb9c7', table='deadlines_policy', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendardayevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='131675421020f0ff807669a9608cdddab4198669', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a3a5d', table='deadlines_calendardayevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendarday',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "deadlines_calendardayevent" ("code", "date", "kind", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "year_id") VALUES (NEW."code", NEW."date", NEW."kind", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'insert\', NEW."date", NEW."year_id"); RETURN NULL;', hash='0a07a0f6becdd3ce84512d0c490a357c44e67a95', operation='INSERT', pgid='pgtrigger_insert_insert_e3a19', table='deadlines_calendarday', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendarday',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "deadlines_calendardayevent" ("code", "date", "kind", "name_en", "name_zh", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "year_id") VALUES (NEW."code", NEW."date", NEW."kind", NEW."name_en", NEW."name_zh", _pgh_attach_context(), NOW(), \'update\', NEW."date", NEW."year_id"); RETURN NULL;', hash='8fbfca582359ec2276401fbd2f3aa9afa62895e3', operation='UPDATE', pgid='pgtrigger_update_update_a6b5c', table='deadlines_calendarday', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendaryearevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='057d956a5f3afa557c442db2e11bc1af1e638b63', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3efdf', table='deadlines_calendaryearevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='85c9b469f456b6ef40b95e2096042bfa7f60aaf7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_02b0b', table='deadlines_policyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyoverride',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "deadlines_policyoverrideevent" ("area_id", "category_code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_key", "tier", "urgency", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."category_code", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy_key", NEW."tier", NEW."urgency", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='840822ed3210588f94ff611a6c87403842bc06e1', operation='INSERT', pgid='pgtrigger_insert_insert_e2c59', table='deadlines_policyoverride', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyoverride',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "deadlines_policyoverrideevent" ("area_id", "category_code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_key", "tier", "urgency", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."category_code", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy_key", NEW."tier", NEW."urgency", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='be3830c6a7abc5ab3ccca58708be7397b9f72384', operation='UPDATE', pgid='pgtrigger_update_update_5829a', table='deadlines_policyoverride', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyoverrideevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cdcd059aa59271029ddb701e65460488e71a500c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_26771', table='deadlines_policyoverrideevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stage',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "deadlines_stageevent" ("actor", "anchor", "applies_when", "clock", "code", "id", "limit_unit", "limit_value", "name_en", "name_zh", "nature", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "position", "stopped_by") VALUES (NEW."actor", NEW."anchor", NEW."applies_when", NEW."clock", NEW."code", NEW."id", NEW."limit_unit", NEW."limit_value", NEW."name_en", NEW."name_zh", NEW."nature", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy_id", NEW."position", NEW."stopped_by"); RETURN NULL;', hash='be2e3d9445589922e0b4de6c46d441a4ddd64f05', operation='INSERT', pgid='pgtrigger_insert_insert_46210', table='deadlines_stage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stage',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "deadlines_stageevent" ("actor", "anchor", "applies_when", "clock", "code", "id", "limit_unit", "limit_value", "name_en", "name_zh", "nature", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "position", "stopped_by") VALUES (NEW."actor", NEW."anchor", NEW."applies_when", NEW."clock", NEW."code", NEW."id", NEW."limit_unit", NEW."limit_value", NEW."name_en", NEW."name_zh", NEW."nature", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy_id", NEW."position", NEW."stopped_by"); RETURN NULL;', hash='cb4cb487e9b521e53db2bc71f425c5a9e0e4f6d1', operation='UPDATE', pgid='pgtrigger_update_update_0d374', table='deadlines_stage', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rungevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a4d61f5bc09792a4f1dd09b7d49b15ff53c8ec6f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5837c', table='deadlines_rungevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rung',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "deadlines_rungevent" ("action", "at", "id", "is_default", "level", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "posts", "stage_id") VALUES (NEW."action", NEW."at", NEW."id", NEW."is_default", NEW."level", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."posts", NEW."stage_id"); RETURN NULL;', hash='29aed6e9828286979e9062ba73151aaa77c0a4b5', operation='INSERT', pgid='pgtrigger_insert_insert_357ea', table='deadlines_rung', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rung',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "deadlines_rungevent" ("action", "at", "id", "is_default", "level", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "posts", "stage_id") VALUES (NEW."action", NEW."at", NEW."id", NEW."is_default", NEW."level", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."posts", NEW."stage_id"); RETURN NULL;', hash='e7d845bd1b738a3c1a27e34abc346ab964dccd53', operation='UPDATE', pgid='pgtrigger_update_update_d75a0', table='deadlines_rung', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stageevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='99095858d247f0388ecf3dd7760df34bd7a9e839', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a0c6e', table='deadlines_stageevent', when='BEFORE')),
        ),
    ]
