"""Categories belong to what a desk's revision stands for: who may phone and what it costs follow from them."""

from django.db import migrations

TRIGGER = (
    "CREATE TRIGGER desk_changed AFTER INSERT OR UPDATE OR DELETE ON tickets_category "
    "FOR EACH STATEMENT EXECUTE FUNCTION desk_changed();"
)
NO_TRIGGER = "DROP TRIGGER desk_changed ON tickets_category;"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_draft_writer_and_third_parties"), ("desk", "0002_revision")]

    operations = [migrations.RunSQL(TRIGGER, NO_TRIGGER)]
