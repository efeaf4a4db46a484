"""A new revision for the desk when its rules for mail change: what was read under the old one is read anew."""

from django.db import migrations

TRIGGERS = """
CREATE TRIGGER desk_changed AFTER INSERT OR UPDATE OR DELETE ON mail_mailsettings
    FOR EACH STATEMENT EXECUTE FUNCTION desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR UPDATE OR DELETE ON mail_deskaddress
    FOR EACH STATEMENT EXECUTE FUNCTION desk_changed();
"""
NO_TRIGGERS = """
DROP TRIGGER desk_changed ON mail_deskaddress;
DROP TRIGGER desk_changed ON mail_mailsettings;
"""


class Migration(migrations.Migration):
    dependencies = [("mail", "0008_seals_on_mail"), ("desk", "0002_revision")]

    operations = [migrations.RunSQL(TRIGGERS, NO_TRIGGERS)]
