"""Settings: a tenant's ways out."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import smtp.providers
import smtp.vault
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenants', '0002_memberships'),
    ]

    operations = [
        migrations.CreateModel(
            name='SmtpSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('provider', models.CharField(choices=smtp.providers.choices, max_length=60, verbose_name='provider')),
                ('inputs', models.JSONField(blank=True, default=dict, verbose_name="provider's own values")),
                ('enabled', models.BooleanField(default=False, help_text='Try it first: only enabled settings are used to deliver mail.', verbose_name='enabled')),
                ('priority', models.PositiveSmallIntegerField(default=1, help_text='1 is tried first; when it fails, the next follows. Equal priorities go by name.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='priority')),
                ('host', models.CharField(max_length=253, verbose_name='host')),
                ('port', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(65535)], verbose_name='port')),
                ('security', models.CharField(choices=[('starttls', 'STARTTLS (usual on port 587)'), ('tls', 'TLS from the start (usual on port 465)'), ('none', 'None: nothing is encrypted')], max_length=10, verbose_name='security')),
                ('username', models.CharField(blank=True, max_length=255, verbose_name='user name')),
                ('password', smtp.vault.EncryptedTextField(blank=True, default='', editable=False, verbose_name='password')),
                ('has_password', models.BooleanField(default=False, editable=False, verbose_name='password stored')),
                ('from_address', models.EmailField(max_length=254, verbose_name='From address')),
                ('from_name', models.CharField(blank=True, max_length=100, verbose_name='From name')),
                ('reply_to', models.EmailField(blank=True, max_length=254, verbose_name='Reply-To address')),
                ('extra_headers', models.TextField(blank=True, help_text='One X-Name=Value a line.', verbose_name='extra headers')),
                ('debug', models.BooleanField(default=False, help_text='Keep the whole conversation of each attempt. Secrets are masked.', verbose_name='debug')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('way_since', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='settings', to='tenants.tenant')),
            ],
            options={
                'verbose_name': 'SMTP setting',
                'verbose_name_plural': 'SMTP settings',
                'ordering': ['priority', 'name'],
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='smtpsetting',
            constraint=models.UniqueConstraint(fields=('tenant', 'name'), name='one_setting_of_a_name'),
        ),
        migrations.AddConstraint(
            model_name='smtpsetting',
            constraint=models.CheckConstraint(condition=models.Q(('port__gte', 1), ('port__lte', 65535)), name='port_in_range'),
        ),
        migrations.AddConstraint(
            model_name='smtpsetting',
            constraint=models.CheckConstraint(condition=models.Q(('priority__gte', 1)), name='priority_from_one'),
        ),
        migrations.AddConstraint(
            model_name='smtpsetting',
            constraint=models.CheckConstraint(condition=models.Q(('security__in', ['none', 'starttls', 'tls'])), name='known_security'),
        ),
    ]
