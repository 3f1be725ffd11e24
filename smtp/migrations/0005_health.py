"""The health of settings, and incidents that explain it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('smtp', '0004_attempts_of_drafts'),
        ('tenants', '__first__'),
    ]

    operations = [
        migrations.AddField('smtpsetting', 'watched', models.BooleanField(default=True, help_text='While the setting is enabled, log in regularly without sending anything, and say when that stops working.', verbose_name='watched')),
        migrations.AlterField('attempt', 'kind', models.CharField(choices=[('connect', 'Connection test'), ('test', 'Test mail'), ('health', 'Scheduled login')], max_length=10, verbose_name='kind')),
        migrations.RemoveConstraint('attempt', 'known_kind'),
        migrations.AddConstraint('attempt', models.CheckConstraint(condition=models.Q(kind__in=['connect', 'test', 'health']), name='known_kind')),
        migrations.AddConstraint('attempt', models.UniqueConstraint(condition=models.Q(finished_at=None, kind='health'), fields=('setting',), name='one_scheduled_login_at_a_time')),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(blank=True, max_length=253, verbose_name='host')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('ended_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='ended')),
                ('hint', models.CharField(blank=True, max_length=60, verbose_name='hint')),
                ('cause', models.CharField(blank=True, max_length=200, verbose_name='cause')),
                ('affected', models.PositiveIntegerField(default=0, verbose_name='settings affected')),
                ('tenant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='incidents', to='tenants.tenant')),
            ],
            options={
                'verbose_name': 'incident',
                'verbose_name_plural': 'incidents',
                'ordering': ['-opened_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(ended_at=None), fields=('host',), name='one_open_incident_per_host')],
            },
        ),
        migrations.CreateModel(
            name='SettingHealth',
            fields=[
                ('setting', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='health', serialize=False, to='smtp.smtpsetting')),
                ('way_since', models.DateTimeField(editable=False)),
                ('state', models.CharField(choices=[('untried', 'Not tried'), ('working', 'Logs in'), ('doubted', 'In doubt'), ('failing', 'Failing')], db_index=True, default='untried', max_length=10, verbose_name='health')),
                ('since', models.DateTimeField(blank=True, null=True, verbose_name='since')),
                ('bad_since', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first bad try')),
                ('unknown_since', models.DateTimeField(blank=True, null=True, verbose_name='could not be tried since')),
                ('streak', models.PositiveIntegerField(default=0, editable=False)),
                ('told', models.BooleanField(default=False, editable=False)),
                ('result', models.CharField(blank=True, default='', editable=False, max_length=10)),
                ('tried_at', models.DateTimeField(blank=True, null=True, verbose_name='last tried')),
                ('next_try_at', models.DateTimeField(db_index=True, verbose_name='next try')),
                ('attempt', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='smtp.attempt')),
                ('incident', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='settings', to='smtp.incident')),
            ],
            options={
                'verbose_name': 'health of a setting',
                'verbose_name_plural': 'health of settings',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(state__in=['untried', 'working', 'doubted', 'failing']), name='known_health'),
                    models.CheckConstraint(condition=models.Q(result__in=['', 'good', 'silent', 'passing', 'lasting', 'refused', 'unfit', 'unknown']), name='known_health_result'),
                    models.CheckConstraint(condition=~models.Q(state__in=['doubted', 'failing']) | models.Q(bad_since__isnull=False), name='bad_health_has_a_beginning'),
                ],
            },
        ),
    ]
