"""Attempts with values that are not saved.

Apart from the migration before, because PostgreSQL alters no table whose rows were just written.
"""

import django.db.models.deletion
from django.db import migrations, models

import smtp.vault


class Migration(migrations.Migration):

    dependencies = [
        ('smtp', '0003_logins'),
    ]

    operations = [
        migrations.AlterField('attempt', 'tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='tenants.tenant')),
        migrations.AlterField('attempt', 'setting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='smtp.smtpsetting')),
        migrations.AddField('attempt', 'draft', smtp.vault.EncryptedTextField(blank=True, default='', editable=False)),
        migrations.AddField('attempt', 'has_draft', models.BooleanField(default=False, editable=False, verbose_name='values not saved')),
        migrations.AlterModelOptions('attempt', {'base_manager_name': 'objects', 'ordering': ['-pk'], 'verbose_name': 'attempt', 'verbose_name_plural': 'attempts'}),
        migrations.AddIndex('attempt', models.Index(fields=['tenant', '-id'], name='attempts_of_a_tenant')),
    ]
