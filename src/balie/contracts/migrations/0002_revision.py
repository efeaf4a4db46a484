"""Plans, products and contract types belong to what a desk's revision stands for."""

from django.db import migrations

TABLES = ("contracts_supportplan", "contracts_product", "contracts_contracttype")
TRIGGERS = "".join(
    f"CREATE TRIGGER desk_changed AFTER INSERT OR UPDATE OR DELETE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION desk_changed();"
    for table in TABLES
)
NO_TRIGGERS = "".join(f"DROP TRIGGER desk_changed ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial"), ("desk", "0002_revision")]

    operations = [migrations.RunSQL(TRIGGERS, NO_TRIGGERS)]
