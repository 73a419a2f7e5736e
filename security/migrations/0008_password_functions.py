from django.db import migrations

# Former passwords are kept where they are replaced, so that no way of setting one goes
# around the history; 3 is what holds where an organization set no rule of its own.
FUNCTIONS = """
CREATE FUNCTION password_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept integer := coalesce(
        (SELECT history FROM security_passwordrule WHERE organization_id = NEW.organization_id),
        3);
BEGIN
    IF OLD.password NOT LIKE '!%' THEN
        INSERT INTO security_previouspassword (account_id, encoded, replaced_at)
        VALUES (OLD.id, OLD.password, now());
    END IF;
    DELETE FROM security_previouspassword WHERE account_id = OLD.id AND id NOT IN (
        SELECT id FROM security_previouspassword WHERE account_id = OLD.id
        ORDER BY id DESC LIMIT kept
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER account_password_replaced AFTER UPDATE OF password ON accounts_account
    FOR EACH ROW WHEN (OLD.password IS DISTINCT FROM NEW.password)
    EXECUTE FUNCTION password_replaced();

-- A browser leads whoever has an expired password to changing it; a mail client cannot.
CREATE OR REPLACE FUNCTION mp_credential_refusal(account_id bigint, protocol text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF $2 IN ('web', 'console') THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT 'password_expired'
        FROM accounts_account a JOIN security_passwordrule r USING (organization_id)
        WHERE a.id = $1 AND r.expire_clients
            AND a.password_changed_at + r.expiry_days * interval '1 day' <= now()
    );
END
$$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION mp_credential_refusal(account_id bigint, protocol text) RETURNS text
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN NULL; END $$;
DROP TRIGGER account_password_replaced ON accounts_account;
DROP FUNCTION password_replaced();
"""


class Migration(migrations.Migration):
    dependencies = [("security", "0007_password_rules")]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
