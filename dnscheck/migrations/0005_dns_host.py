from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dnscheck", "0004_acknowledgements")]
    operations = [
        migrations.AddField(
            "sendingdomain",
            "zone",
            models.CharField("zone", blank=True, editable=False, max_length=253),
        ),
        migrations.AddField(
            "sendingdomain",
            "name_servers",
            models.JSONField("name servers of the zone", default=list, editable=False),
        ),
        migrations.AddField(
            "sendingdomain", "dns_host", models.CharField("DNS host", blank=True, max_length=40)
        ),
        migrations.AddField(
            "sendingdomain", "spf_forecasts", models.JSONField(default=dict, editable=False)
        ),
    ]
