from django.db import migrations

# Each reason to refuse a sign-in is a function of its own, so that one can be replaced
# without repeating the others; they are asked in the order of mp_refusal, and the first
# that answers counts. Those of lockout, network and credentials say nothing until the
# rules they ask exist. PL/pgSQL keeps its plans for a session.
FUNCTIONS = """
CREATE FUNCTION mp_state_refusal(account_id bigint, protocol text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT CASE
        WHEN a.deleted_at IS NOT NULL THEN 'deleted'
        WHEN a.status <> 'active' THEN a.status
        WHEN a.expires_at <= now() THEN 'expired'
        WHEN $2 IN ('web', 'console') THEN
            CASE WHEN $2 = 'web' AND NOT coalesce(m.web_enabled, true)
            THEN 'protocol_off' END
        WHEN m.id IS NULL THEN 'no_mailbox'
        WHEN NOT CASE $2
            WHEN 'smtp' THEN m.smtp_enabled
            WHEN 'imap' THEN m.imap_enabled
            WHEN 'pop3' THEN m.pop3_enabled
            ELSE false END THEN 'protocol_off'
    END
    FROM accounts_account a LEFT JOIN accounts_mailbox m ON m.account_id = a.id
    WHERE a.id = $1
    );
END
$$;

CREATE FUNCTION mp_lockout_refusal(account_id bigint, client inet) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;

CREATE FUNCTION mp_network_refusal(account_id bigint, client inet) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;

CREATE FUNCTION mp_credential_refusal(account_id bigint, protocol text) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;

CREATE FUNCTION mp_refusal(account_id bigint, protocol text, client inet) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce(
        mp_state_refusal($1, $2),
        mp_lockout_refusal($1, $3),
        mp_network_refusal($1, $3),
        mp_credential_refusal($1, $2)
    );
END
$$;

CREATE OR REPLACE FUNCTION mp_sign_in(typed text, protocol text, client inet)
RETURNS TABLE (account_id bigint, organization_id bigint, password text, refusal text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT a.id, a.organization_id, a.password::text, mp_refusal(a.id, $2, $3)
    FROM accounts_address x JOIN accounts_account a ON a.id = x.account_id
    WHERE x.address = mp_canonical($1);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("security", "0003_sign_in_records_stay")]

    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
