from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="desk",
            name="demo_logins",
            field=models.JSONField(default=list, editable=False),
        ),
    ]
