"""What an attempt knows of its login: the user name, and what is suspicious about the password."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('smtp', '0006_notices'),
    ]

    operations = [
        migrations.AddField('attempt', 'username', models.CharField(blank=True, max_length=255, null=True, verbose_name='user name')),
        migrations.AddField('attempt', 'secret_shape', models.CharField(blank=True, default='', editable=False, max_length=60), preserve_default=False),
    ]
