"""Logins with a token; each attempt knows its tenant."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill_tenants(apps, _schema_editor):
    """Let each attempt know the tenant of its setting."""
    setting = apps.get_model("smtp", "SmtpSetting").objects.filter(pk=OuterRef("setting"))
    apps.get_model("smtp", "Attempt").objects.update(tenant=Subquery(setting.values("tenant")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('smtp', '0002_attempts'),
        ('tenants', '__first__'),
    ]

    operations = [
        migrations.AddField('smtpsetting', 'login', models.CharField(choices=[('password', 'with a password'), ('token', 'with an access token (XOAUTH2)')], default='password', help_text='A token is entered in place of the password. It is not renewed, so it serves for trying: most are valid for an hour.', max_length=10, verbose_name='login')),
        migrations.AddConstraint('smtpsetting', models.CheckConstraint(condition=models.Q(login__in=['password', 'token']), name='known_login')),
        migrations.AddField('attempt', 'tenant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='tenants.tenant')),
        migrations.RunPython(fill_tenants, migrations.RunPython.noop),
    ]
