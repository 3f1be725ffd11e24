"""The count of each day, what exactly was acknowledged, and until when a domain is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dnscheck', '0008_basis'),
        ('tenants', '0003_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(db_index=True, verbose_name='day')),
                ('verified', models.PositiveIntegerField(default=0, verbose_name='verified')),
                ('at_risk', models.PositiveIntegerField(default=0, verbose_name='at risk')),
                ('failing', models.PositiveIntegerField(default=0, verbose_name='failing')),
                ('pending', models.PositiveIntegerField(default=0, verbose_name='pending')),
                ('unknown', models.PositiveIntegerField(default=0, verbose_name='could not ask')),
            ],
            options={
                'verbose_name': 'daily count',
                'verbose_name_plural': 'daily counts',
                'ordering': ['-day'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='acknowledgement',
            name='one_acknowledgement_per_code',
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='evidence',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='place',
            field=models.CharField(blank=True, max_length=410, verbose_name='record'),
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='severity',
            field=models.CharField(default='info', max_length=10, verbose_name='severity'),
        ),
        migrations.AddField(
            model_name='sendingdomain',
            name='acknowledged_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='acknowledgement',
            name='created_at',
            field=models.DateTimeField(verbose_name='acknowledged'),
        ),
        migrations.AddIndex(
            model_name='sendingdomain',
            index=models.Index(fields=['tenant', 'verdict'], name='domains_by_verdict'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.UniqueConstraint(fields=('domain', 'place', 'code'), name='one_acknowledgement_per_place_and_code'),
        ),
        migrations.AddField(
            model_name='dailycount',
            name='tenant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='daily_counts', to='tenants.tenant'),
        ),
        migrations.AddConstraint(
            model_name='dailycount',
            constraint=models.UniqueConstraint(fields=('tenant', 'day'), name='one_count_per_tenant_and_day'),
        ),
    ]
