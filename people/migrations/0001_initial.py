import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
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
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed_at', models.DateTimeField(verbose_name='sealed at')),
                ('last_entry', models.BigIntegerField(unique=True, verbose_name='last entry')),
                ('entries', models.PositiveIntegerField(verbose_name='entries')),
                ('digest', models.BinaryField(max_length=32, verbose_name='digest')),
            ],
            options={
                'verbose_name': 'seal of the audit log',
                'verbose_name_plural': 'seals of the audit log',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('display_name', models.CharField(blank=True, max_length=60, verbose_name='display name')),
                ('language', models.CharField(choices=[('zh-hans', 'Simplified Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                ('must_change_password', models.BooleanField(default=False, help_text='Asked for at the next sign-in.', verbose_name='must change the password')),
                ('identity', models.CharField(blank=True, help_text='What the identity provider calls this person. Empty: this account signs in by password only.', max_length=120, verbose_name='identity at the government sign-in')),
                ('session_epoch', models.PositiveIntegerField(default=0, editable=False, verbose_name='session epoch')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='user_email_once_if_given', violation_error_message='Another account has this e-mail address.'), models.UniqueConstraint(condition=models.Q(('identity', ''), _negated=True), fields=('identity',), name='user_identity_once_if_given', violation_error_message='Another account has this identity.')],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('kind', models.CharField(choices=[('signed_in', 'Signed in'), ('refused', 'Sign-in refused'), ('locked_out', 'Locked out'), ('unlocked', 'Unlocked'), ('signed_out', 'Signed out'), ('sessions_ended', 'Sessions ended'), ('factor_set_up', 'Second factor set up'), ('factor_refused', 'Wrong code'), ('factor_blocked', 'Too many wrong codes'), ('factor_reset', 'Second factor reset'), ('recovery_code_used', 'Recovery code used'), ('recovery_codes_made', 'New recovery codes'), ('password_changed', 'Password changed'), ('account', 'Account changed'), ('post', 'Post or appointment changed'), ('revealed', 'Sealed data looked at'), ('exported', 'Exported'), ('edited', 'Edited in the registers'), ('rights', 'Request of a data subject'), ('purged', 'Purged after its time'), ('keys', 'Keys rotated')], max_length=24, verbose_name='what')),
                ('about', models.CharField(blank=True, max_length=120, verbose_name='about')),
                ('details', models.JSONField(default=dict, verbose_name='details')),
                ('address', models.CharField(blank=True, max_length=48, verbose_name='network (shortened)')),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit log',
                'indexes': [models.Index(fields=['kind', '-id'], name='auditentry_kind'), models.Index(fields=['actor', '-id'], name='auditentry_actor')],
            },
        ),
        migrations.CreateModel(
            name='Authenticator',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('secret_sealed', models.BinaryField(null=True, verbose_name='secret (sealed)')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='set up at')),
                ('next_sealed', models.BinaryField(null=True, verbose_name='new secret (sealed)')),
                ('next_at', models.DateTimeField(null=True, verbose_name='new secret shown at')),
                ('last_step', models.BigIntegerField(default=0, verbose_name='last time step')),
                ('wrong', models.PositiveSmallIntegerField(default=0, verbose_name='wrong codes in a row')),
                ('blocked_until', models.DateTimeField(null=True, verbose_name='no codes taken until')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='authenticator', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'second factor',
                'verbose_name_plural': 'second factors',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('secret_sealed__isnull', True)), models.Q(('confirmed_at__isnull', False), ('secret_sealed__isnull', False)), _connector='OR'), name='authenticator_confirmed_has_secret')],
            },
        ),
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='what happened, in one line')),
                ('happened_at', models.DateTimeField(blank=True, help_text='As far as known.', null=True, verbose_name='happened at')),
                ('found_at', models.DateTimeField(verbose_name='found at')),
                ('severity', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='low', max_length=8, verbose_name='severity')),
                ('kinds', models.TextField(help_text='Kinds only, such as telephone numbers. No data of anybody.', verbose_name='kinds of data')),
                ('persons', models.PositiveIntegerField(blank=True, null=True, verbose_name='how many persons')),
                ('cause', models.TextField(verbose_name='cause and possible harm')),
                ('measures', models.TextField(verbose_name='measures taken')),
                ('advice', models.TextField(blank=True, verbose_name='what the persons can do themselves')),
                ('authority_told_at', models.DateTimeField(blank=True, null=True, verbose_name='authority told at')),
                ('persons_told_at', models.DateTimeField(blank=True, null=True, verbose_name='persons told at')),
                ('why_not_told', models.TextField(blank=True, help_text='Allowed only where the measures effectively avoid the harm (PIPL art. 57).', verbose_name='why the persons were not told')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'data breach',
                'verbose_name_plural': 'data breaches',
                'constraints': [models.CheckConstraint(condition=models.Q(('happened_at', None), ('found_at__gte', models.F('happened_at')), _connector='OR'), name='breach_found_after_it_happened', violation_error_message='It cannot be found before it happened.'), models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(('authority_told_at__isnull', False), models.Q(('persons_told_at__isnull', False), models.Q(('why_not_told', ''), _negated=True), _connector='OR')), _connector='OR'), name='breach_closed_when_told', violation_error_message='Before it is closed: when was the authority told, and when the persons, or why not?')],
            },
        ),
        migrations.CreateModel(
            name='ExportLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=12, unique=True, verbose_name='mark')),
                ('what', models.CharField(max_length=60, verbose_name='register')),
                ('rows', models.PositiveIntegerField(verbose_name='rows')),
                ('masked', models.BooleanField(verbose_name='masked')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'indexes': [models.Index(fields=['by', 'at'], name='export_by_reader')],
                'constraints': [models.CheckConstraint(condition=models.Q(('masked', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='export_in_clear_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='FactorReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='factor_resets', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'reset of a second factor',
                'verbose_name_plural': 'resets of second factors',
            },
        ),
        migrations.CreateModel(
            name='ImpactAssessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='what is assessed')),
                ('sensitive', models.BooleanField(default=False, verbose_name='sensitive data')),
                ('automated', models.BooleanField(default=False, verbose_name='automated decisions')),
                ('entrusted', models.BooleanField(default=False, verbose_name='entrusted, shared or published')),
                ('abroad', models.BooleanField(default=False, verbose_name='given abroad')),
                ('purpose', models.TextField(verbose_name='Are purpose and way lawful, proper and necessary?')),
                ('effect', models.TextField(verbose_name='What does it do to the persons, and how great is the risk?')),
                ('measures', models.TextField(verbose_name='Are the measures lawful, effective and fit for the risk?')),
                ('conclusion', models.TextField(verbose_name='conclusion')),
                ('done_on', models.DateField(verbose_name='done on')),
                ('review_on', models.DateField(verbose_name='to be looked at again on')),
                ('done_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
            ],
            options={
                'verbose_name': 'impact assessment',
                'verbose_name_plural': 'impact assessments',
                'constraints': [models.CheckConstraint(condition=models.Q(('sensitive', True), ('automated', True), ('entrusted', True), ('abroad', True), _connector='OR'), name='assessment_has_a_ground', violation_error_message='Say why an assessment is needed: tick at least one of the four.'), models.CheckConstraint(condition=models.Q(('review_on__gt', models.F('done_on'))), name='assessment_review_later', violation_error_message='It is looked at again after it was done.')],
            },
        ),
        migrations.CreateModel(
            name='KeyRotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(max_length=32, verbose_name='key')),
                ('table', models.CharField(max_length=63, verbose_name='table')),
                ('last_row', models.CharField(blank=True, max_length=64, verbose_name='last row')),
                ('rows', models.PositiveBigIntegerField(default=0, verbose_name='rows seen')),
                ('resealed', models.PositiveBigIntegerField(default=0, verbose_name='rows sealed again')),
                ('unreadable', models.PositiveBigIntegerField(default=0, verbose_name='fields that do not open')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('updated_at', models.DateTimeField(verbose_name='last progress at')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
            ],
            options={
                'verbose_name': 'rotation of keys',
                'verbose_name_plural': 'rotations of keys',
                'constraints': [models.UniqueConstraint(fields=('key_id', 'table'), name='keyrotation_once')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('context', models.CharField(choices=[('petitioner', 'Petitioner'), ('household', 'Household'), ('volunteer', 'Volunteer'), ('member', 'Party member'), ('liaison', 'Liaison'), ('borrower', 'Borrower'), ('team', 'Patrol team'), ('care', 'Care recipient'), ('micro_grid', 'Micro-grid'), ('legal', 'Legally informed resident'), ('guardian', 'Parent or guardian of a volunteer')], max_length=12, verbose_name='context')),
                ('name_sealed', models.BinaryField(blank=True, null=True, verbose_name='name (sealed)')),
                ('phone_sealed', models.BinaryField(blank=True, null=True, verbose_name='phone number (sealed)')),
                ('email_sealed', models.BinaryField(blank=True, null=True, verbose_name='e-mail address (sealed)')),
                ('phone_index', models.BinaryField(blank=True, max_length=32, null=True, verbose_name='blind index of the phone number')),
                ('name_index', models.BinaryField(blank=True, max_length=32, null=True, verbose_name='blind index of the name')),
                ('language', models.CharField(choices=[('zh-hans', 'Simplified Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'persons',
                'indexes': [models.Index(models.F('phone_index'), condition=models.Q(('phone_index__isnull', False)), name='person_by_phone'), models.Index(models.F('name_index'), condition=models.Q(('name_index__isnull', False)), name='person_by_name')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('contact', 'Keep my contact and send me messages about my matter'), ('sensitive', 'Use what I wrote about health, disability or a child to deal with my matter'), ('publication', 'Show my matter publicly, without name, number and address'), ('care', 'Note why I need a hand, and come to see me'), ('volunteer', 'Keep what I offer as a volunteer, and offer me tasks'), ('guardian', 'Let my child help as a volunteer'), ('member', 'Keep my name and number as a member of a Party organisation')], max_length=12, verbose_name='purpose')),
                ('version', models.CharField(max_length=12, verbose_name='version of the privacy notice')),
                ('given_at', models.DateTimeField(verbose_name='given at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='people.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'indexes': [models.Index(fields=['person', 'purpose'], name='consent_of_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('person', 'purpose'), name='consent_in_force_once'), models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='consent_withdrawn_after_given')],
            },
        ),
        migrations.CreateModel(
            name='Processor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('service', models.CharField(max_length=120, verbose_name='service')),
                ('purpose', models.TextField(verbose_name='purpose and way of processing')),
                ('kinds', models.TextField(verbose_name='kinds of data')),
                ('contract', models.CharField(max_length=80, verbose_name='contract')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='to')),
                ('stored_in', models.CharField(help_text='In mainland China (PIPL art. 36 and 40).', max_length=80, verbose_name='stored where')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='last checked on')),
                ('data_returned_on', models.DateField(blank=True, null=True, verbose_name='data given back or deleted on')),
            ],
            options={
                'verbose_name': 'processor',
                'verbose_name_plural': 'processors',
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='processor_dates', violation_error_message='It cannot end before it begins.')],
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32, verbose_name='digest')),
                ('used_at', models.DateTimeField(null=True, verbose_name='used at')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'recovery code',
                'verbose_name_plural': 'recovery codes',
                'constraints': [models.UniqueConstraint(fields=('user', 'digest'), name='recoverycode_once')],
            },
        ),
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=60, verbose_name='rule')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('dry', models.BooleanField(default=False, verbose_name='dry run')),
                ('due', models.PositiveIntegerField(default=0, verbose_name='due')),
                ('ended', models.PositiveIntegerField(default=0, verbose_name='ended')),
                ('held', models.PositiveIntegerField(default=0, verbose_name='held back')),
                ('failed', models.PositiveIntegerField(default=0, verbose_name='failed')),
                ('failures', models.JSONField(blank=True, default=list, verbose_name='which failed')),
            ],
            options={
                'verbose_name': 'retention run',
                'verbose_name_plural': 'retention runs',
                'indexes': [models.Index(fields=['rule', 'at'], name='retention_run_of_rule')],
            },
        ),
        migrations.CreateModel(
            name='RevealLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('name', 'Name'), ('phone', 'Phone number'), ('email', 'E-mail address')], max_length=8, verbose_name='field')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('about', models.CharField(blank=True, max_length=64, verbose_name='about')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agreed by')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='people.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'reveal',
                'verbose_name_plural': 'reveals',
                'indexes': [models.Index(fields=['by', 'at'], name='reveal_by_reader')],
                'constraints': [models.CheckConstraint(condition=models.Q(('agreed_by', None), models.Q(('agreed_by', models.F('by')), _negated=True), _connector='OR'), name='reveal_agreed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditseal',
            trigger=pgtrigger.compiler.Trigger(name='auditseal_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2d6c155e768f598ae35665ad75e7d739ccb60828', operation='UPDATE OR DELETE', pgid='pgtrigger_auditseal_append_only_0f3fd', table='people_auditseal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='user_epoch_only_rises', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                    NEW.session_epoch := GREATEST(NEW.session_epoch, OLD.session_epoch);\n                    IF OLD.is_active AND NOT NEW.is_active THEN\n                        NEW.session_epoch := OLD.session_epoch + 1;\n                    END IF;\n                    RETURN NEW;\n                ', hash='0e638d7c5abdc76b815ec27c6afa864c7c6c53a3', operation='UPDATE', pgid='pgtrigger_user_epoch_only_rises_3da18', table='people_user', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='traced_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'account', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'people.user:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('is_active', r.is_active, 'is_staff', r.is_staff, 'is_superuser', r.is_superuser), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='7675c438c22088744cc3777aedc2c33d9cf46aa6', operation='INSERT', pgid='pgtrigger_traced_insert_7e1b9', table='people_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='traced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active OR OLD.is_staff IS DISTINCT FROM NEW.is_staff OR OLD.is_superuser IS DISTINCT FROM NEW.is_superuser OR OLD.password IS DISTINCT FROM NEW.password OR OLD.username IS DISTINCT FROM NEW.username OR OLD.email IS DISTINCT FROM NEW.email OR OLD.identity IS DISTINCT FROM NEW.identity)', func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'account', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'people.user:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('is_active', r.is_active, 'is_staff', r.is_staff, 'is_superuser', r.is_superuser, 'password_changed', OLD.password IS DISTINCT FROM NEW.password, 'username_changed', OLD.username IS DISTINCT FROM NEW.username, 'email_changed', OLD.email IS DISTINCT FROM NEW.email, 'identity_changed', OLD.identity IS DISTINCT FROM NEW.identity), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='81efb464d2817b8e9f82660c962c0acaad491e57', operation='UPDATE', pgid='pgtrigger_traced_update_03185', table='people_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='traced_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'account', (NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint, 'people.user:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('is_active', r.is_active, 'is_staff', r.is_staff, 'is_superuser', r.is_superuser), ''\nFROM (SELECT (OLD).*) AS r;\nRETURN NULL;\n", hash='56d2da2e53dfbba02c98f6340e41e83591500249', operation='DELETE', pgid='pgtrigger_traced_delete_43d86', table='people_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditentry',
            trigger=pgtrigger.compiler.Trigger(name='auditentry_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='da786492a6ab8fed7048e37d28b09b3317a7975b', operation='UPDATE OR DELETE', pgid='pgtrigger_auditentry_append_only_c8769', table='people_auditentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='auditentry',
            trigger=pgtrigger.compiler.Trigger(name='auditentry_numbered', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nPERFORM pg_advisory_xact_lock_shared(7305001);\nNEW.id := nextval(pg_get_serial_sequence('people_auditentry', 'id'));\nRETURN NEW;\n", hash='b86a3d32b5fe84acdb3cd09c287be5ca5cea5dd0', operation='INSERT', pgid='pgtrigger_auditentry_numbered_e0a68', table='people_auditentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exportlog',
            trigger=pgtrigger.compiler.Trigger(name='export_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='76d05a0c2f7c4b72607b0bbe834833181901eb3f', operation='UPDATE OR DELETE', pgid='pgtrigger_export_append_only_32bfb', table='people_exportlog', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exportlog',
            trigger=pgtrigger.compiler.Trigger(name='traced_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'exported', r.by_id, 'people.exportlog:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('what', r.what, 'rows', r.rows, 'masked', r.masked), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='56d0efb0c077821dde121fbaa43aef91267cd840', operation='INSERT', pgid='pgtrigger_traced_insert_b48c8', table='people_exportlog', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exportlog',
            trigger=pgtrigger.compiler.Trigger(name='traced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.what IS DISTINCT FROM NEW.what OR OLD.rows IS DISTINCT FROM NEW.rows OR OLD.masked IS DISTINCT FROM NEW.masked)', func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'exported', r.by_id, 'people.exportlog:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('what', r.what, 'rows', r.rows, 'masked', r.masked), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='760c6a69579cdfc9cb66a67413b0b5a35de719b2', operation='UPDATE', pgid='pgtrigger_traced_update_614fe', table='people_exportlog', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exportlog',
            trigger=pgtrigger.compiler.Trigger(name='traced_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'exported', r.by_id, 'people.exportlog:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('what', r.what, 'rows', r.rows, 'masked', r.masked), ''\nFROM (SELECT (OLD).*) AS r;\nRETURN NULL;\n", hash='f30a3f3501a12fecd14614320485657d9fa04f36', operation='DELETE', pgid='pgtrigger_traced_delete_363ed', table='people_exportlog', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='factorreset',
            trigger=pgtrigger.compiler.Trigger(name='factorreset_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c2cea16bbde4827222b765f4b173db3419312d72', operation='UPDATE OR DELETE', pgid='pgtrigger_factorreset_append_only_5a9a5', table='people_factorreset', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reveallog',
            trigger=pgtrigger.compiler.Trigger(name='reveal_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a64a83ffdf70f716c5f55fa9c719f5d7bcc24513', operation='UPDATE OR DELETE', pgid='pgtrigger_reveal_append_only_0d53f', table='people_reveallog', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reveallog',
            trigger=pgtrigger.compiler.Trigger(name='traced_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'revealed', r.by_id, 'people.reveallog:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('field', r.field, 'about', r.about), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='7f01db7bcc67704f1127dfe10f2eb38a3bcda6c5', operation='INSERT', pgid='pgtrigger_traced_insert_b2c8c', table='people_reveallog', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reveallog',
            trigger=pgtrigger.compiler.Trigger(name='traced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.field IS DISTINCT FROM NEW.field OR OLD.about IS DISTINCT FROM NEW.about)', func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'revealed', r.by_id, 'people.reveallog:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('field', r.field, 'about', r.about), ''\nFROM (SELECT (NEW).*) AS r;\nRETURN NULL;\n", hash='1d8f4341e4cbfed753406021cc821c8b8020b2a9', operation='UPDATE', pgid='pgtrigger_traced_update_f0ba1', table='people_reveallog', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reveallog',
            trigger=pgtrigger.compiler.Trigger(name='traced_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO people_auditentry (at, kind, actor_id, about, details, address)\nSELECT clock_timestamp(), 'revealed', r.by_id, 'people.reveallog:' || r.id,\n    jsonb_build_object('action', lower(TG_OP)) || jsonb_build_object('field', r.field, 'about', r.about), ''\nFROM (SELECT (OLD).*) AS r;\nRETURN NULL;\n", hash='b631338893fdaadbf63c4a13d1d826fd4ce26330', operation='DELETE', pgid='pgtrigger_traced_delete_0f833', table='people_reveallog', when='AFTER')),
        ),
        append_only("people_auditentry", "people_auditseal", "people_exportlog", "people_factorreset", "people_reveallog"),
    ]
