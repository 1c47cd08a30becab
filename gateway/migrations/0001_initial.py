import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from people.migrating import InOneGo

from gateway.noting import note_changes


class Migration(InOneGo):

    initial = True

    dependencies = [
        ('grids', '0001_initial'),
        ('people', '__first__'),
        ('petitions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('sequence', models.BigIntegerField(null=True, verbose_name='sequence')),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='petitions.petitionevent', verbose_name='event')),
                ('petition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='petitions.petition', verbose_name='petition')),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'changes',
                'indexes': [models.Index(models.F('id'), condition=models.Q(('sequence', None)), name='change_unnumbered')],
                'constraints': [models.UniqueConstraint(fields=('sequence',), name='change_sequence_once')],
            },
        ),
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                ('channel', models.CharField(choices=[('hotline', '12345 hotline'), ('app', 'App of the city or county'), ('microurban', 'Micro urban management app')], max_length=10, verbose_name='channel')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('file', 'File petitions and follow what it filed'), ('read', 'Read the petitions of its area or unit, masked'), ('act', 'Act on them as its post'), ('contact', 'See who raised them: masked, and in clear with a reason, which is written down'), ('closed', 'See confidential and sensitive petitions and those about staff of a level below')], max_length=10), default=list, size=None, verbose_name='what it may do')),
                ('post_kind', models.CharField(blank=True, choices=[('dispatcher', 'dispatcher'), ('supervisor', 'supervisor'), ('community_worker', 'community worker'), ('department_handler', 'department handler')], max_length=24, verbose_name='acts as')),
                ('per_minute', models.PositiveIntegerField(default=120, verbose_name='requests a minute')),
                ('valid_to', models.DateField(verbose_name='valid to (last day)')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created at')),
                ('callback_locked', models.BinaryField(blank=True, null=True, verbose_name='callback address (sealed)')),
                ('secret_locked', models.BinaryField(blank=True, null=True, verbose_name='signing secret (sealed)')),
                ('account', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='area')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.organisation', verbose_name='handling unit')),
            ],
            options={
                'verbose_name': 'neighbouring system',
                'verbose_name_plural': 'neighbouring systems',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('scopes__contains', ['act']), _negated=True), models.Q(('post_kind', ''), _negated=True), _connector='OR'), name='client_acts_as_a_post'), models.CheckConstraint(condition=models.Q(models.Q(('post_kind', 'department_handler'), _negated=True), ('organisation__isnull', False), _connector='OR'), name='client_of_a_unit_names_it'), models.CheckConstraint(condition=models.Q(('per_minute__gt', 0)), name='client_asks_at_all')],
            },
        ),
        migrations.CreateModel(
            name='Callback',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('failed', 'Failed, will be tried again'), ('sent', 'Sent'), ('dead', 'Given up'), ('skipped', 'Not sent on purpose')], default='queued', max_length=8, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(null=True, verbose_name='next try at')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                ('error_code', models.CharField(blank=True, max_length=40, verbose_name='reason')),
                ('change', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='callback', to='gateway.change', verbose_name='change')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='callbacks', to='gateway.client', verbose_name='neighbouring system')),
            ],
            options={
                'verbose_name': 'callback',
                'verbose_name_plural': 'callbacks',
                'indexes': [models.Index(models.F('next_try_at'), condition=models.Q(('state__in', ('queued', 'failed'))), name='callback_due'), models.Index(models.F('client'), condition=models.Q(('state', 'dead')), name='callback_dead')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=200, verbose_name='Idempotency-Key')),
                ('digest', models.BinaryField(max_length=32, verbose_name='digest of the request')),
                ('status', models.PositiveSmallIntegerField(default=0, verbose_name='HTTP status')),
                ('body_locked', models.BinaryField(null=True, verbose_name='answer (sealed)')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='gateway.client', verbose_name='neighbouring system')),
            ],
            options={
                'verbose_name': 'answer to a neighbouring system',
                'verbose_name_plural': 'answers to neighbouring systems',
                'indexes': [models.Index(models.F('created_at'), name='api_answer_created')],
                'constraints': [models.UniqueConstraint(fields=('client', 'key'), name='api_answer_once')],
            },
        ),
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('petition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='petitions.petition', verbose_name='petition')),
                ('digest', models.BinaryField(max_length=32, verbose_name='digest of the request')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='gateway.client', verbose_name='neighbouring system')),
            ],
            options={
                'verbose_name': 'filing of a neighbouring system',
                'verbose_name_plural': 'filings of neighbouring systems',
            },
        ),
        migrations.CreateModel(
            name='Key',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(editable=False, max_length=12, unique=True, verbose_name='name of the key')),
                ('digest', models.BinaryField(max_length=32, verbose_name='digest')),
                ('created_at', models.DateTimeField(editable=False, verbose_name='created at')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='revoked at')),
                ('used_on', models.DateField(editable=False, null=True, verbose_name='last used on')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='gateway.client', verbose_name='neighbouring system')),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'key of a neighbouring system',
                'verbose_name_plural': 'keys of neighbouring systems',
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='client',
            trigger=pgtrigger.compiler.Trigger(name='traced_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'account', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'gateway.client:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('area_id', r.area_id, 'channel', r.channel, 'scopes', r.scopes, 'post_kind', r.post_kind, 'organisation_id', r.organisation_id, 'per_minute', r.per_minute, 'valid_to', r.valid_to, 'active', r.active), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='fe0fb6a2e1079e5067ed06da39e576a4835a7491', operation='INSERT', pgid='pgtrigger_traced_insert_7fa24', table='gateway_client', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='client',
            trigger=pgtrigger.compiler.Trigger(name='traced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.area_id IS DISTINCT FROM NEW.area_id OR OLD.channel IS DISTINCT FROM NEW.channel OR OLD.scopes IS DISTINCT FROM NEW.scopes OR OLD.post_kind IS DISTINCT FROM NEW.post_kind OR OLD.organisation_id IS DISTINCT FROM NEW.organisation_id OR OLD.per_minute IS DISTINCT FROM NEW.per_minute OR OLD.valid_to IS DISTINCT FROM NEW.valid_to OR OLD.active IS DISTINCT FROM NEW.active OR OLD.callback_locked IS DISTINCT FROM NEW.callback_locked OR OLD.secret_locked IS DISTINCT FROM NEW.secret_locked)', func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'account', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'gateway.client:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('area_id', r.area_id, 'channel', r.channel, 'scopes', r.scopes, 'post_kind', r.post_kind, 'organisation_id', r.organisation_id, 'per_minute', r.per_minute, 'valid_to', r.valid_to, 'active', r.active, 'callback_locked_changed', OLD.callback_locked IS DISTINCT FROM NEW.callback_locked, 'secret_locked_changed', OLD.secret_locked IS DISTINCT FROM NEW.secret_locked), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='db9880815696b5b400411e6323fc538314d10f89', operation='UPDATE', pgid='pgtrigger_traced_update_9e85e', table='gateway_client', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='client',
            trigger=pgtrigger.compiler.Trigger(name='traced_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'account', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'gateway.client:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('area_id', r.area_id, 'channel', r.channel, 'scopes', r.scopes, 'post_kind', r.post_kind, 'organisation_id', r.organisation_id, 'per_minute', r.per_minute, 'valid_to', r.valid_to, 'active', r.active), ''\nFROM (SELECT (OLD).*) AS r;\nRETURN NULL;\n", hash='f1be8c4839c7d3b8b8e7f1a4d46391670c1dc659', operation='DELETE', pgid='pgtrigger_traced_delete_11a81', table='gateway_client', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='key',
            trigger=pgtrigger.compiler.Trigger(name='traced_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'account', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'gateway.key:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('client_id', r.client_id, 'prefix', r.prefix, 'expires_at', r.expires_at, 'revoked_at', r.revoked_at), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='f55327d56c0e528c4a7db399d8529cf35e1f8d67', operation='INSERT', pgid='pgtrigger_traced_insert_30a22', table='gateway_key', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='key',
            trigger=pgtrigger.compiler.Trigger(name='traced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.client_id IS DISTINCT FROM NEW.client_id OR OLD.prefix IS DISTINCT FROM NEW.prefix OR OLD.expires_at IS DISTINCT FROM NEW.expires_at OR OLD.revoked_at IS DISTINCT FROM NEW.revoked_at)', func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'account', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'gateway.key:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('client_id', r.client_id, 'prefix', r.prefix, 'expires_at', r.expires_at, 'revoked_at', r.revoked_at), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='05efafce5338e02185a64329b3b7a802468dea9e', operation='UPDATE', pgid='pgtrigger_traced_update_e4804', table='gateway_key', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='key',
            trigger=pgtrigger.compiler.Trigger(name='traced_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'account', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'gateway.key:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('client_id', r.client_id, 'prefix', r.prefix, 'expires_at', r.expires_at, 'revoked_at', r.revoked_at), ''\nFROM (SELECT (OLD).*) AS r;\nRETURN NULL;\n", hash='8f3fd32be749f7ac81c20c2ac161ff537f3e9c82', operation='DELETE', pgid='pgtrigger_traced_delete_d4f2f', table='gateway_key', when='AFTER')),
        ),
        note_changes(),  # a change beside every event, by trigger (ADR 0027)
    ]
