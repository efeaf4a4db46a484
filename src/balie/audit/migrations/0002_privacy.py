"""The record stays append-only, but for two things that the privacy law asks: names go out, and old entries go."""

from django.db import migrations

PRIVACY = """
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE purpose text := current_setting('balie.audit', true);
BEGIN
    IF TG_OP = 'DELETE' AND purpose = 'forget' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND purpose = 'redact'
       AND to_jsonb(NEW) - 'who' - 'data' = to_jsonb(OLD) - 'who' - 'data' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit record is written once: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit record is written once: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(PRIVACY, APPEND_ONLY)]
