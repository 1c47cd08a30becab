import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from people.migrating import InOneGo


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
            name='PartyOrganisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('working_committee', 'Party working committee of the street'), ('committee', 'community Party committee'), ('general_branch', 'community general Party branch'), ('community_branch', 'community Party branch'), ('grid_branch', 'grid Party branch'), ('group', 'Party group of a building'), ('hub_household', "Party members' hub household"), ('duty_area', "Party members' responsibility area"), ('property_branch', 'Party branch in property management'), ('new_branch', 'Party branch of new economic or social organisations')], max_length=17, verbose_name='kind')),
                ('form', models.CharField(blank=True, choices=[('single', 'of one enterprise'), ('joint', 'of several together')], max_length=6, verbose_name='single or joint')),
                ('path', models.TextField(db_collation='C', db_default='', editable=False, verbose_name='path')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('closed_because', models.CharField(blank=True, max_length=200, verbose_name='closed because')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.area', verbose_name='area')),
                ('founded_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grids.organisation', verbose_name='organisation')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='parties.partyorganisation', verbose_name='stands under')),
            ],
            options={
                'verbose_name': 'Party organisation',
                'verbose_name_plural': 'Party organisations',
                'indexes': [models.Index(models.F('path'), name='partyorganisation_path')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('parent', 'name'), name='partyorganisation_name_once', violation_error_message='There is one of this name already.'), models.UniqueConstraint(condition=models.Q(('kind__in', ['committee', 'general_branch', 'working_committee']), ('valid_to__isnull', True)), fields=('area', 'kind'), name='partyorganisation_one_of_an_area', violation_error_message='This area has one already.'), models.CheckConstraint(condition=models.Q(('kind__in', ['working_committee', 'committee', 'general_branch', 'community_branch', 'grid_branch', 'group', 'hub_household', 'duty_area', 'property_branch', 'new_branch'])), name='partyorganisation_kind_known'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='partyorganisation_name_given'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'working_committee'), ('parent__isnull', True)), models.Q(models.Q(('kind', 'working_committee'), _negated=True), ('parent__isnull', False)), _connector='OR'), name='partyorganisation_topmost'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['new_branch', 'property_branch']), models.Q(('form', ''), _negated=True)), models.Q(models.Q(('kind__in', ['new_branch', 'property_branch']), _negated=True), ('form', '')), _connector='OR'), name='partyorganisation_form_of_branches'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__lte', models.F('valid_to')), _connector='OR'), name='partyorganisation_from_before_to'), models.CheckConstraint(condition=models.Q(models.Q(('closed_because', ''), ('valid_to__isnull', True)), models.Q(('valid_to__isnull', False), models.Q(('closed_because', ''), _negated=True)), _connector='OR'), name='partyorganisation_closed_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='PartyMember',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('client_key', models.UUIDField(editable=False, unique=True, verbose_name='client key')),
                ('joined_here_on', models.DateField(verbose_name='here since')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('seat', models.BinaryField(max_length=32, null=True, verbose_name='keyed digest of name and number')),
                ('ground', models.CharField(choices=[('consent', 'They agreed, and know what is kept'), ('letter', 'They handed in their transfer letter')], max_length=7, verbose_name='written down because')),
                ('added_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='person')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='parties.partyorganisation', verbose_name='Party organisation')),
            ],
            options={
                'verbose_name': 'member of a Party organisation',
                'verbose_name_plural': 'members of Party organisations',
                'indexes': [models.Index(condition=models.Q(('left_on', None)), fields=['organisation', '-joined_here_on', 'id'], name='partymember_of'), models.Index(condition=models.Q(('left_on__isnull', False)), fields=['left_on'], name='partymember_left')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_on', None)), fields=('seat',), name='partymember_one_seat'), models.UniqueConstraint(condition=models.Q(('left_on', None)), fields=('person',), name='partymember_in_one_place'), models.CheckConstraint(condition=models.Q(('left_on', None), ('joined_here_on__lte', models.F('left_on')), _connector='OR'), name='partymember_from_before_to'), models.CheckConstraint(condition=models.Q(('left_on', None), ('seat__isnull', True), _connector='OR'), name='partymember_gone_has_no_seat')],
            },
        ),
        migrations.CreateModel(
            name='PartyOrganisationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('working_committee', 'Party working committee of the street'), ('committee', 'community Party committee'), ('general_branch', 'community general Party branch'), ('community_branch', 'community Party branch'), ('grid_branch', 'grid Party branch'), ('group', 'Party group of a building'), ('hub_household', "Party members' hub household"), ('duty_area', "Party members' responsibility area"), ('property_branch', 'Party branch in property management'), ('new_branch', 'Party branch of new economic or social organisations')], max_length=17, verbose_name='kind')),
                ('form', models.CharField(blank=True, choices=[('single', 'of one enterprise'), ('joint', 'of several together')], max_length=6, verbose_name='single or joint')),
                ('path', models.TextField(db_collation='C', db_default='', editable=False, verbose_name='path')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to (last day)')),
                ('closed_because', models.CharField(blank=True, max_length=200, verbose_name='closed because')),
                ('area', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.area', verbose_name='area')),
                ('founded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grids.organisation', verbose_name='organisation')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='parties.partyorganisation', verbose_name='stands under')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='parties.partyorganisation')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partyorganisation',
            trigger=pgtrigger.compiler.Trigger(name='grow_path', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."path" = \'\')', func="\n    IF NEW.parent_id IS NULL THEN\n        NEW.path := NEW.id || '/';\n    ELSE\n        SELECT above.path || NEW.id || '/' INTO NEW.path\n        FROM parties_partyorganisation above\n        JOIN grids_area wide ON wide.id = above.area_id\n        JOIN grids_area own ON own.id = NEW.area_id\n        WHERE above.id = NEW.parent_id AND starts_with(own.path, wide.path);\n        IF NEW.path IS NULL THEN\n            RAISE EXCEPTION 'a Party organisation lies at or under the area of the one above it'\n                USING ERRCODE = 'check_violation';\n        END IF;\n    END IF;\n    RETURN NEW;\n", hash='bdb38f8225b5b5261fb8333a63459c7478afc924', operation='INSERT', pgid='pgtrigger_grow_path_57195', table='parties_partyorganisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partyorganisation',
            trigger=pgtrigger.compiler.Trigger(name='keep_place', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."path" IS DISTINCT FROM (NEW."path"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f47badd61afc2b62dec77a8deb3d524b6232b670', operation='UPDATE', pgid='pgtrigger_keep_place_2e2c8', table='parties_partyorganisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partyorganisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "parties_partyorganisationevent" ("area_id", "closed_because", "form", "founded_by_id", "id", "kind", "name", "organisation_id", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."closed_because", NEW."form", NEW."founded_by_id", NEW."id", NEW."kind", NEW."name", NEW."organisation_id", NEW."parent_id", NEW."path", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='f0b2e1cb35ae462519a5b51817986796405eb6d5', operation='INSERT', pgid='pgtrigger_insert_insert_97a82', table='parties_partyorganisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partyorganisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "parties_partyorganisationevent" ("area_id", "closed_because", "form", "founded_by_id", "id", "kind", "name", "organisation_id", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."area_id", NEW."closed_because", NEW."form", NEW."founded_by_id", NEW."id", NEW."kind", NEW."name", NEW."organisation_id", NEW."parent_id", NEW."path", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;', hash='b2e28b2c197dafd14351ec0263e109a8886baeac', operation='UPDATE', pgid='pgtrigger_update_update_96e4d', table='parties_partyorganisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partyorganisationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='97d8087bcc78a6f2928e12e39a4b15748aa4c532', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b871f', table='parties_partyorganisationevent', when='BEFORE')),
        ),
    ]
