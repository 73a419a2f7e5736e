from django.db import migrations

# What every server asks before it checks a password; refusal is null where the account
# may sign in. An address in a domain alias stands for the same local part in its target.
FUNCTIONS = """
CREATE FUNCTION mp_canonical(address text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT split_part(lower(address), '@', 1) || '@' || target.name
         FROM orgs_domain alias JOIN orgs_domain target ON target.id = alias.alias_of_id
         WHERE alias.name = split_part(lower(address), '@', 2)),
        lower(address))
$$;

CREATE FUNCTION mp_hash(stored text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN stored LIKE 'argon2$argon2id$%' THEN '{ARGON2ID}' || substr(stored, 7)
        WHEN stored LIKE 'ssha512$%' THEN '{SSHA512}' || substr(stored, 9)
    END
$$;

CREATE FUNCTION mp_sign_in(typed text, protocol text, client inet)
RETURNS TABLE (account_id bigint, organization_id bigint, password text, refusal text)
LANGUAGE sql STABLE AS $$
    SELECT a.id, a.organization_id, a.password, CASE
        WHEN a.deleted_at IS NOT NULL THEN 'deleted'
        WHEN a.status <> 'active' THEN a.status
        WHEN a.expires_at <= now() THEN 'expired'
        WHEN protocol IN ('web', 'console') THEN
            CASE WHEN protocol = 'web' AND NOT coalesce(m.web_enabled, true)
            THEN 'protocol_off' END
        WHEN m.id IS NULL THEN 'no_mailbox'
        WHEN NOT CASE protocol
            WHEN 'smtp' THEN m.smtp_enabled
            WHEN 'imap' THEN m.imap_enabled
            WHEN 'pop3' THEN m.pop3_enabled
            ELSE false END THEN 'protocol_off'
    END
    FROM accounts_address x
    JOIN accounts_account a ON a.id = x.account_id
    LEFT JOIN accounts_mailbox m ON m.account_id = a.id
    WHERE x.address = mp_canonical(typed)
$$;
"""

UNDO = """
DROP FUNCTION mp_sign_in(text, text, inet);
DROP FUNCTION mp_hash(text);
DROP FUNCTION mp_canonical(text);
"""


class Migration(migrations.Migration):
    dependencies = [("security", "0001_initial"), ("accounts", "0002_department_counts")]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
