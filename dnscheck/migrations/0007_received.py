import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import smtp.vault


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("dnscheck", "0006_outlooks"),
    ]
    operations = [
        migrations.CreateModel(
            name="ReceivedMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pasted_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="pasted")),
                ("source", smtp.vault.EncryptedTextField(blank=True, default="", editable=False)),
                ("ip", models.GenericIPAddressField(null=True, verbose_name="address of the server that delivered")),
                ("helo", models.CharField(blank=True, max_length=253, verbose_name="its name in HELO or EHLO")),
                ("mail_from", models.CharField(blank=True, max_length=320, verbose_name="envelope sender (MAIL FROM)")),
                ("report", models.JSONField(blank=True, null=True, verbose_name="report")),
                ("examined_at", models.DateTimeField(blank=True, null=True, verbose_name="examined")),
                ("claimed_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("claim_token", models.CharField(blank=True, editable=False, max_length=32)),
                ("announced_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "pasted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="received_mails",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "received mail",
                "verbose_name_plural": "received mails",
                "ordering": ["-pk"],
            },
        ),
    ]
