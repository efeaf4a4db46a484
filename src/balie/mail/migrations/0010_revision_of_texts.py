"""A new revision for the desk when its words in mails change: what was read under the old one is read anew."""

from django.db import migrations

TRIGGER = (
    "CREATE TRIGGER desk_changed AFTER INSERT OR UPDATE OR DELETE ON mail_mailtext "
    "FOR EACH STATEMENT EXECUTE FUNCTION desk_changed();"
)
NO_TRIGGER = "DROP TRIGGER desk_changed ON mail_mailtext;"


class Migration(migrations.Migration):
    dependencies = [("mail", "0009_revision"), ("desk", "0002_revision")]

    operations = [migrations.RunSQL(TRIGGER, NO_TRIGGER)]
