from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0011_letters_about_calls"),
    ]

    operations = [
        migrations.AddField(
            model_name="inboundmail",
            name="meant_for",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=320,
                verbose_name="desk address",
            ),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="stored", released_by__isnull=False),
                name="inbound_released",
            ),
        ),
    ]
