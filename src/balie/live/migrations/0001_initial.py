import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LiveEvent",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("topic", models.CharField(max_length=100)),
                ("data", models.JSONField(default=dict)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "live_event",
                "indexes": [models.Index(fields=["topic", "seq"], name="live_event_by_topic")],
            },
        ),
    ]
