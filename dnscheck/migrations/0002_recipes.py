"""Recipes and added records: what must be published."""

import django.db.models.deletion
import smtp.providers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dnscheck', '0001_domains'),
        ('smtp', '0001_settings'),
    ]

    operations = [
        migrations.CreateModel(
            name='DomainRecipe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(choices=smtp.providers.choices, max_length=60, verbose_name='provider')),
                ('inputs', models.JSONField(blank=True, default=dict, verbose_name='values from the provider')),
                ('setting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='recipes', to='smtp.smtpsetting')),
                ('domain', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recipes', to='dnscheck.sendingdomain')),
            ],
            options={
                'verbose_name': 'recipe',
                'verbose_name_plural': 'recipes',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='AddedRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='In full, or @ for the domain.', max_length=253, verbose_name='name')),
                ('type', models.CharField(choices=[('TXT', 'Txt'), ('CNAME', 'Cname'), ('MX', 'Mx')], max_length=5, verbose_name='type')),
                ('value', models.TextField(verbose_name='value')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='what it is for')),
                ('domain', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='added_records', to='dnscheck.sendingdomain')),
            ],
            options={
                'verbose_name': 'added record',
                'verbose_name_plural': 'added records',
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='domainrecipe',
            constraint=models.UniqueConstraint(fields=('domain', 'provider', 'setting'), name='one_recipe_per_setting'),
        ),
        migrations.AddConstraint(
            model_name='domainrecipe',
            constraint=models.UniqueConstraint(condition=models.Q(('setting', None)), fields=('domain', 'provider'), name='one_recipe_without_setting'),
        ),
        migrations.AddConstraint(
            model_name='addedrecord',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['TXT', 'CNAME', 'MX'])), name='known_record_type'),
        ),
    ]
