from django.db import migrations

TRIGGERS = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The administrator log is append-only: % refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON admin_platform_auditrecord
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON admin_platform_auditrecord
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""

UNDO = """
DROP TRIGGER audit_no_truncate ON admin_platform_auditrecord;
DROP TRIGGER audit_no_change ON admin_platform_auditrecord;
DROP FUNCTION audit_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("admin_platform", "0002_search")]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
