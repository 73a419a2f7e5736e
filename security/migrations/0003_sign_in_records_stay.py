from django.db import migrations

# A record is written once. Only its link to an account may go, with the account.
TRIGGERS = """
CREATE FUNCTION sign_in_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.account_id IS NULL
            AND (to_jsonb(NEW) - 'account_id') = (to_jsonb(OLD) - 'account_id') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The sign-in log is append-only: % refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER sign_in_no_change BEFORE UPDATE OR DELETE ON security_signinrecord
    FOR EACH ROW EXECUTE FUNCTION sign_in_record_stays();
CREATE TRIGGER sign_in_no_truncate BEFORE TRUNCATE ON security_signinrecord
    FOR EACH STATEMENT EXECUTE FUNCTION sign_in_record_stays();
"""

UNDO = """
DROP TRIGGER sign_in_no_truncate ON security_signinrecord;
DROP TRIGGER sign_in_no_change ON security_signinrecord;
DROP FUNCTION sign_in_record_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("security", "0002_sign_in_functions")]

    operations = [migrations.RunSQL(TRIGGERS, UNDO)]
