"""A new revision for the desk whenever a row changes that decisions depend on; the database sees to it."""

from django.db import migrations

TRIGGERS = """
CREATE FUNCTION desk_row_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'demo_progress' IS DISTINCT FROM to_jsonb(OLD) - 'demo_progress' THEN
        NEW.revision := gen_random_uuid();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER desk_row_changed BEFORE UPDATE ON desk_desk FOR EACH ROW EXECUTE FUNCTION desk_row_changed();

CREATE FUNCTION desk_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE desk_desk SET revision = gen_random_uuid();
    RETURN NULL;
END $$;
CREATE TRIGGER desk_changed AFTER INSERT OR UPDATE OR DELETE ON desk_line
    FOR EACH STATEMENT EXECUTE FUNCTION desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR UPDATE OR DELETE ON desk_weekdayhours
    FOR EACH STATEMENT EXECUTE FUNCTION desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR UPDATE OR DELETE ON desk_holidayhours
    FOR EACH STATEMENT EXECUTE FUNCTION desk_changed();
CREATE TRIGGER desk_changed AFTER INSERT OR UPDATE OR DELETE ON desk_datedhours
    FOR EACH STATEMENT EXECUTE FUNCTION desk_changed();
"""
NO_TRIGGERS = """
DROP TRIGGER desk_changed ON desk_datedhours;
DROP TRIGGER desk_changed ON desk_holidayhours;
DROP TRIGGER desk_changed ON desk_weekdayhours;
DROP TRIGGER desk_changed ON desk_line;
DROP FUNCTION desk_changed();
DROP TRIGGER desk_row_changed ON desk_desk;
DROP FUNCTION desk_row_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [migrations.RunSQL(TRIGGERS, NO_TRIGGERS)]
