"""Sending domains, which are also the job of checking them."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenants', '0002_memberships'),
    ]

    operations = [
        migrations.CreateModel(
            name='SendingDomain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=253, verbose_name='domain')),
                ('verdict', models.CharField(choices=[('pending', 'Pending'), ('verified', 'Verified'), ('at_risk', 'At risk'), ('failing', 'Failing')], db_index=True, default='pending', max_length=10, verbose_name='verdict')),
                ('verdict_since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('bad_since', models.DateTimeField(blank=True, null=True, verbose_name='first bad check')),
                ('unknown_since', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='could not be asked since')),
                ('failure_streak', models.PositiveIntegerField(default=0, editable=False)),
                ('fingerprint', models.CharField(blank=True, editable=False, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='added')),
                ('last_checked_at', models.DateTimeField(blank=True, null=True, verbose_name='last checked')),
                ('next_check_at', models.DateTimeField(db_index=True, verbose_name='next check')),
                ('watched_since', models.DateTimeField(blank=True, editable=False, null=True)),
                ('claimed_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('claim_token', models.CharField(blank=True, editable=False, max_length=32)),
                ('announced_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='tenants.tenant')),
            ],
            options={
                'verbose_name': 'sending domain',
                'verbose_name_plural': 'sending domains',
                'ordering': ['name'],
            },
        ),
        migrations.AddConstraint(
            model_name='sendingdomain',
            constraint=models.UniqueConstraint(fields=('tenant', 'name'), name='one_domain_per_tenant'),
        ),
        migrations.AddConstraint(
            model_name='sendingdomain',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['pending', 'verified', 'at_risk', 'failing'])), name='known_domain_verdict'),
        ),
        migrations.AddConstraint(
            model_name='sendingdomain',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict__in', ['at_risk', 'failing']), _negated=True), ('bad_since__isnull', False), _connector='OR'), name='bad_verdict_has_a_beginning'),
        ),
    ]
