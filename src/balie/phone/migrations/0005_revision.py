"""The numbers of the desk belong to what its revision stands for: which line is called follows from them."""

from django.db import migrations

TRIGGER = """
    CREATE TRIGGER desk_changed AFTER INSERT OR UPDATE OR DELETE ON phone_callednumber
    FOR EACH STATEMENT EXECUTE FUNCTION desk_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("phone", "0004_prompt_texts"), ("desk", "0002_revision")]

    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER desk_changed ON phone_callednumber;")]
