from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_demo_logins")]

    operations = [
        migrations.AddField(
            model_name="desk",
            name="demo_progress",
            field=models.JSONField(default=dict, editable=False),
        ),
    ]
