from django.db import migrations

# mp_needs_app_password: whether mail clients of the account are refused its own password.
# mp_app_sign_in: what a mail server asks beside mp_sign_in, one row for each app password
# that the protocol accepts; an expired password does not concern them.
# A new password ends all sessions that were opened with the former one.
FUNCTIONS = """
CREATE FUNCTION mp_needs_app_password(account_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM security_secondfactor f WHERE f.user_id = $1) OR EXISTS (
        SELECT FROM accounts_account a JOIN security_signinrule r USING (organization_id)
        WHERE a.id = $1 AND r.clients_apart
    );
END
$$;

CREATE OR REPLACE FUNCTION mp_credential_refusal(account_id bigint, protocol text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF $2 IN ('web', 'console') THEN
        RETURN NULL;
    END IF;
    IF mp_needs_app_password($1) THEN
        RETURN 'app_password';
    END IF;
    RETURN (
        SELECT 'password_expired'
        FROM accounts_account a JOIN security_passwordrule r USING (organization_id)
        WHERE a.id = $1 AND r.expire_clients
            AND a.password_changed_at + r.expiry_days * interval '1 day' <= now()
    );
END
$$;

CREATE FUNCTION mp_app_sign_in(typed text, protocol text, client inet)
RETURNS TABLE (app_password_id bigint, account_id bigint, password text, refusal text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT p.id, a.id, p.encoded::text, coalesce(
        mp_state_refusal(a.id, $2), mp_lockout_refusal(a.id, $3), mp_network_refusal(a.id, $3))
    FROM accounts_address x JOIN accounts_account a ON a.id = x.account_id
    JOIN security_apppassword p ON p.account_id = a.id AND $2 = ANY(p.protocols)
    WHERE x.address = mp_canonical($1);
END
$$;

CREATE FUNCTION sessions_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM security_membersession WHERE account_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_sessions_end AFTER UPDATE OF password ON accounts_account
    FOR EACH ROW WHEN (OLD.password IS DISTINCT FROM NEW.password)
    EXECUTE FUNCTION sessions_end();
"""

UNDO = """
DROP TRIGGER account_sessions_end ON accounts_account;
DROP FUNCTION sessions_end();
DROP FUNCTION mp_app_sign_in(text, text, inet);
CREATE OR REPLACE FUNCTION mp_credential_refusal(account_id bigint, protocol text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT 'password_expired'
        FROM accounts_account a JOIN security_passwordrule r USING (organization_id)
        WHERE a.id = $1 AND r.expire_clients AND $2 NOT IN ('web', 'console')
            AND a.password_changed_at + r.expiry_days * interval '1 day' <= now()
    );
END
$$;
DROP FUNCTION mp_needs_app_password(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("security", "0011_second_factors")]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
