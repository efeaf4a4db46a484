from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_exports_erasures_retention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="erasure",
            name="done",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="done"),
        ),
        migrations.AddField(
            model_name="erasure",
            name="finished_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="finished at"),
        ),
        # Those before were done at once.
        migrations.RunSQL("UPDATE privacy_erasure SET finished_at = at", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)),
                fields=("contact_key",),
                name="erasure_of_contact_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)),
                fields=("user_key",),
                name="erasure_of_user_once",
            ),
        ),
    ]
