from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dnscheck", "0005_dns_host")]
    operations = [
        migrations.AddField(
            "sendingdomain", "outlooks", models.JSONField(default=list, editable=False)
        ),
    ]
