"""Checks: what was seen, a row a change."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dnscheck', '0002_recipes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('result', models.CharField(choices=[('good', 'All required records are right'), ('bad', 'A required record is wrong or missing'), ('unknown', 'Could not ask')], max_length=10, verbose_name='result')),
                ('verdict', models.CharField(choices=[('pending', 'Pending'), ('verified', 'Verified'), ('at_risk', 'At risk'), ('failing', 'Failing')], max_length=10, verbose_name='verdict after it')),
                ('findings', models.JSONField(default=list, verbose_name='findings of the whole domain')),
                ('questions', models.PositiveIntegerField(default=0, verbose_name='questions asked')),
                ('domain', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='dnscheck.sendingdomain')),
            ],
            options={
                'verbose_name': 'check',
                'verbose_name_plural': 'checks',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='RecordCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=20, verbose_name='purpose')),
                ('name', models.CharField(max_length=400, verbose_name='name')),
                ('type', models.CharField(max_length=5, verbose_name='type')),
                ('expected', models.TextField(verbose_name='expected')),
                ('required', models.BooleanField(default=True, verbose_name='required')),
                ('verdict', models.CharField(choices=[('ok', 'ok'), ('wrong', 'wrong'), ('missing', 'missing'), ('unknown', 'unknown')], max_length=10, verbose_name='verdict')),
                ('observed', models.JSONField(default=list, verbose_name='observed')),
                ('findings', models.JSONField(default=list, verbose_name='findings')),
                ('server', models.CharField(blank=True, max_length=100, verbose_name='asked')),
                ('ttl', models.PositiveIntegerField(blank=True, null=True, verbose_name='TTL')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='dnscheck.check')),
            ],
            options={
                'verbose_name': 'record check',
                'verbose_name_plural': 'record checks',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['ok', 'wrong', 'missing', 'unknown'])), name='known_record_verdict')],
            },
        ),
        migrations.AddIndex(
            model_name='check',
            index=models.Index(fields=['domain', '-id'], name='checks_of_a_domain'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('result__in', ['good', 'bad', 'unknown'])), name='known_check_result'),
        ),
    ]
