"""Tenants: who things belong to."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Tenant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('test_mails', models.PositiveIntegerField(default=0, editable=False)),
                ('test_mails_since', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'tenant',
                'verbose_name_plural': 'tenants',
                'ordering': ['name'],
            },
        ),
    ]
