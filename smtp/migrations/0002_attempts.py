"""Attempts: what was tried with a setting."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('smtp', '0001_settings'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('connect', 'Connection test'), ('test', 'Test mail')], max_length=10, verbose_name='kind')),
                ('recipient', models.EmailField(blank=True, max_length=254, verbose_name='recipient')),
                ('idempotency_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('message_id', models.CharField(blank=True, max_length=400, verbose_name='Message-ID')),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('sending', 'Handing over'), ('done', 'Done'), ('unclear', 'Unclear')], db_index=True, default='queued', max_length=10, verbose_name='state')),
                ('token', models.CharField(blank=True, editable=False, max_length=32)),
                ('lease_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('announced_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='tries')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('provider', models.CharField(max_length=60, verbose_name='provider')),
                ('host', models.CharField(max_length=253, verbose_name='host')),
                ('port', models.PositiveIntegerField(verbose_name='port')),
                ('security', models.CharField(max_length=10, verbose_name='security')),
                ('succeeded', models.BooleanField(null=True, verbose_name='succeeded')),
                ('stage', models.CharField(blank=True, max_length=12, verbose_name='stage')),
                ('failure', models.CharField(blank=True, max_length=24, verbose_name='failure')),
                ('reply_code', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='reply code')),
                ('enhanced_code', models.CharField(blank=True, max_length=12, verbose_name='enhanced code')),
                ('server_text', models.TextField(blank=True, verbose_name="server's words")),
                ('hint', models.CharField(blank=True, db_index=True, max_length=60, verbose_name='hint')),
                ('cause', models.CharField(blank=True, max_length=200, verbose_name='cause')),
                ('outcome', models.JSONField(blank=True, null=True, verbose_name='outcome')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='attempts', to=settings.AUTH_USER_MODEL)),
                ('setting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='smtp.smtpsetting')),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(fields=['setting', '-id'], name='attempts_of_a_setting'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['connect', 'test'])), name='known_kind'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'sending', 'done', 'unclear'])), name='known_state'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'unclear']), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='ended_attempt_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['running', 'sending']), _negated=True), models.Q(models.Q(('token', ''), _negated=True), ('lease_until__isnull', False)), _connector='OR'), name='claimed_attempt_has_a_lease'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'test'), _negated=True), models.Q(('recipient', ''), _negated=True), _connector='OR'), name='test_mail_has_a_recipient'),
        ),
    ]
