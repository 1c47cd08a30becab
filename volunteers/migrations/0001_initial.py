import django.contrib.postgres.fields
import django.db.models.deletion
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
        append_only("volunteers_volunteerevent"),
    ]
