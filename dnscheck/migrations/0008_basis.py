import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dnscheck", "0007_received")]
    operations = [
        migrations.AddField(
            "sendingdomain",
            "compare_until",
            models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            "sendingdomain",
            models.Index(
                condition=models.Q(("compare_until__isnull", False)),
                fields=["next_check_at"],
                name="domains_to_compare",
            ),
        ),
        migrations.CreateModel(
            name="Basis",
            fields=[
                (
                    "domain",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="basis",
                        serialize=False,
                        to="dnscheck.sendingdomain",
                    ),
                ),
                ("expected", models.BinaryField(max_length=16)),
                ("answers", models.BinaryField()),
            ],
        ),
    ]
