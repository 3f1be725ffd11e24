"""Mails and webhooks that tell what happened, and the setting that sends these mails."""

import django.db.models.deletion
import django.utils.timezone
import smtp.vault
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('smtp', '0005_health'),
        ('tenants', '0003_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('batch', models.UUIDField(db_index=True, editable=False)),
                ('body', models.TextField(editable=False)),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='asked')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('calling', 'Calling'), ('taken', 'Taken'), ('given_up', 'Given up')], default='waiting', max_length=10, verbose_name='state')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try')),
                ('announced_until', models.DateTimeField(editable=False, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('token', models.CharField(blank=True, editable=False, max_length=32)),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('tried_at', models.DateTimeField(null=True, verbose_name='last try')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='status code')),
                ('failure', models.CharField(blank=True, max_length=300, verbose_name='failure')),
                ('excerpt', models.CharField(blank=True, max_length=200, verbose_name='answer')),
            ],
            options={
                'verbose_name': 'call',
                'verbose_name_plural': 'calls',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.UUIDField(db_index=True, editable=False)),
                ('cause', models.CharField(max_length=200, verbose_name='cause')),
                ('recipient', models.EmailField(max_length=254, verbose_name='recipient')),
                ('subject', models.CharField(max_length=250, verbose_name='subject')),
                ('text', models.TextField(verbose_name='text')),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='written')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('trying', 'On its way'), ('sent', 'Sent'), ('unclear', 'Unclear'), ('given_up', 'Given up')], default='waiting', max_length=10, verbose_name='state')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
            ],
            options={
                'verbose_name': 'mail about notices',
                'verbose_name_plural': 'mails about notices',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, verbose_name='address')),
                ('secret', smtp.vault.EncryptedTextField(default='', editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='added')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='known_kind',
        ),
        migrations.AddField(
            model_name='smtpsetting',
            name='sends_notices',
            field=models.BooleanField(default=False, help_text='One setting at most, and it must be enabled. Whoever may edit its tenant could read these mails: choose one of a tenant of your own.', verbose_name="the portal's own notices go out by this setting"),
        ),
        migrations.AlterField(
            model_name='attempt',
            name='kind',
            field=models.CharField(choices=[('connect', 'Connection test'), ('test', 'Test mail'), ('notice', 'Notice'), ('health', 'Scheduled login')], max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['connect', 'test', 'notice', 'health'])), name='known_kind'),
        ),
        migrations.AddConstraint(
            model_name='smtpsetting',
            constraint=models.UniqueConstraint(condition=models.Q(('sends_notices', True)), fields=('sends_notices',), name='one_setting_sends_notices', violation_error_message='Another setting sends the notices already. Take the mark from that one first.'),
        ),
        migrations.AddField(
            model_name='letter',
            name='attempt',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='letter', to='smtp.attempt'),
        ),
        migrations.AddField(
            model_name='letter',
            name='tenant',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='tenants.tenant'),
        ),
        migrations.AddField(
            model_name='webhook',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='webhook',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='tenants.tenant'),
        ),
        migrations.AddField(
            model_name='call',
            name='webhook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='smtp.webhook'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['state', 'due_at'], name='letters_by_state'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['tenant', 'cause', '-id'], name='letters_of_a_cause'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'trying', 'sent', 'unclear', 'given_up'])), name='known_state_of_letter'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.UniqueConstraint(fields=('tenant', 'url'), name='one_webhook_of_an_address'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['state', 'due_at'], name='calls_by_state'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['webhook', '-id'], name='calls_of_a_webhook'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'calling', 'taken', 'given_up'])), name='known_state_of_call'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'calling'), _negated=True), models.Q(models.Q(('token', ''), _negated=True), ('lease_until__isnull', False)), _connector='OR'), name='claimed_call_has_a_lease'),
        ),
    ]
