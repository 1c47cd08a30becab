import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from people.migrating import InOneGo


class Migration(InOneGo):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('webhook', 'Group chat')], max_length=8, verbose_name='channel')),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('failed', 'Failed, will be tried again'), ('sent', 'Sent'), ('dead', 'Given up'), ('skipped', 'Not sent on purpose')], default='queued', max_length=8, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='next try at')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('error_code', models.CharField(blank=True, max_length=40, verbose_name='error')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
            },
        ),
        migrations.CreateModel(
            name='Undelivered',
            fields=[
            ],
            options={
                'verbose_name': 'undelivered message',
                'verbose_name_plural': 'Not delivered',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('notifications.delivery',),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('params', models.JSONField(blank=True, default=dict, verbose_name='codes and numbers')),
                ('about', models.CharField(blank=True, max_length=64, verbose_name='about')),
                ('url_path', models.CharField(blank=True, max_length=200, verbose_name='page')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('not_before', models.DateTimeField(blank=True, null=True, verbose_name='not sent before')),
                ('urgent', models.BooleanField(default=False, verbose_name='urgent')),
                ('digest', models.UUIDField(blank=True, editable=False, null=True, verbose_name='digest')),
                ('silent', models.BooleanField(default=False, verbose_name='silent')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                ('dedupe_key', models.CharField(max_length=160, verbose_name='once per')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='people.person', verbose_name='person')),
                ('recipient', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='recipient')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='notice',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notifications.notice', verbose_name='notice'),
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('scope', models.CharField(blank=True, help_text='Which matters go there, such as the path of an area.', max_length=120, verbose_name='scope')),
                ('language', models.CharField(choices=[('zh-hans', 'Simplified Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
                ('url_locked', models.BinaryField(verbose_name='address (sealed)')),
                ('secret_locked', models.BinaryField(blank=True, null=True, verbose_name='signing secret (sealed)')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
            ],
            options={
                'verbose_name': 'group chat',
                'verbose_name_plural': 'group chats',
                'indexes': [models.Index(models.F('scope'), condition=models.Q(('active', True)), name='webhook_scope')],
            },
        ),
        migrations.AddField(
            model_name='notice',
            name='webhook',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='notifications.webhook', verbose_name='group chat'),
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.UUIDField(editable=False, verbose_name='digest')),
                ('created_at', models.DateTimeField(verbose_name='of the notices made at')),
                ('opened_at', models.DateTimeField(db_index=True, verbose_name='opened at')),
                ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recipient')),
            ],
            options={
                'verbose_name': 'digest',
                'verbose_name_plural': 'digests',
                'constraints': [models.UniqueConstraint(fields=('digest', 'recipient'), name='digest_once_per_recipient')],
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('maker', models.CharField(max_length=60, verbose_name='what')),
                ('terms', models.JSONField(blank=True, default=dict, verbose_name='terms')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('state', models.CharField(choices=[('waiting', 'Waiting to be made'), ('running', 'Being made'), ('ready', 'Ready'), ('failed', 'Could not be made')], default='waiting', max_length=10, verbose_name='state')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='rows done')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='rows in all')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('leased_until', models.DateTimeField(verbose_name='left to whoever is at it until')),
                ('refusal', models.CharField(blank=True, max_length=200, verbose_name='why not')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='file name')),
                ('content_type', models.CharField(blank=True, max_length=100, verbose_name='type')),
                ('size', models.PositiveIntegerField(default=0, verbose_name='bytes')),
                ('file_sealed', models.BinaryField(blank=True, null=True, verbose_name='file (sealed)')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('made_at', models.DateTimeField(blank=True, null=True, verbose_name='made at')),
                ('expires_at', models.DateTimeField(verbose_name='can be fetched until')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='downloads', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
            ],
            options={
                'verbose_name': 'file to fetch',
                'verbose_name_plural': 'files to fetch',
                'indexes': [models.Index(models.F('owner'), models.F('asked_at'), name='download_of_owner'), models.Index(models.F('leased_until'), condition=models.Q(('state__in', ('waiting', 'running'))), name='download_owed'), models.Index(models.F('expires_at'), name='download_over')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), ('file_sealed__isnull', False), _connector='OR'), name='download_ready_has_file'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='download_done_within_total')],
            },
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('channel'), models.F('next_try_at'), models.F('id'), condition=models.Q(('state__in', ('queued', 'failed'))), name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('id'), condition=models.Q(('state', 'dead')), name='delivery_dead'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('notice', 'channel'), name='delivery_once_per_channel'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_try_at__isnull', False), ('state__in', ('queued', 'failed'))), models.Q(models.Q(('state__in', ('queued', 'failed')), _negated=True), ('next_try_at__isnull', True)), _connector='OR'), name='delivery_open_iff_next_try'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='delivery_sent_iff_sent_at'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(models.F('recipient'), models.F('created_at'), models.F('id'), condition=models.Q(('recipient__isnull', False)), name='notice_inbox'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(models.F('recipient'), condition=models.Q(('read_at', None), ('recipient__isnull', False)), name='notice_unread'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(models.F('about'), condition=models.Q(('about', ''), _negated=True), name='notice_about'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('dedupe_key',), name='notice_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', True), ('recipient__isnull', False), ('webhook__isnull', True)), models.Q(('person__isnull', False), ('recipient__isnull', True), ('webhook__isnull', True)), models.Q(('person__isnull', True), ('recipient__isnull', True), ('webhook__isnull', False)), _connector='OR'), name='notice_has_one_recipient'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('url_path', ''), models.Q(('url_path__startswith', '/'), models.Q(('url_path__startswith', '//'), _negated=True)), _connector='OR'), name='notice_page_is_ours'),
        ),
    ]
