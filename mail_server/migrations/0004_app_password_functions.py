from django.db import migrations

# Mail clients with passwords of their own. Dovecot checks one hash for a name, and an
# account may have many app passwords: those, made up by us and hashed in one round, are
# compared here. The account's own password is still checked where clients may not use it,
# and then opens nothing (no_login), so that a right one is not counted as a wrong one.
FUNCTIONS = """
CREATE FUNCTION mp_matches(encoded text, typed text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT sha512(convert_to(typed, 'UTF8') || substring(packed FROM 65))
        = substring(packed FROM 1 FOR 64)
    FROM decode(substr(encoded, 9), 'base64') AS packed
    WHERE encoded LIKE 'ssha512$%'
$$;

CREATE FUNCTION mp_dovecot_app_sign_in(typed text, typed_password text, service text, client text)
RETURNS TABLE (address text, app_password_id bigint, store_path text, quota_bytes bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT a.address::text, s.app_password_id, m.store_path::text, m.quota_bytes
    FROM mp_app_sign_in(
        typed, CASE service WHEN 'sieve' THEN 'imap' ELSE service END,
        nullif(client, '')::inet) AS s
    JOIN accounts_account a ON a.id = s.account_id
    JOIN accounts_mailbox m ON m.account_id = a.id
    WHERE s.refusal IS NULL AND mp_matches(s.password, typed_password)
    LIMIT 1;
END
$$;

DROP FUNCTION mp_dovecot_sign_in(text, text, text);
CREATE FUNCTION mp_dovecot_sign_in(typed text, service text, client text)
RETURNS TABLE (
    address text, password text, no_login text, store_path text, quota_bytes bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT a.address::text, mp_hash(s.password),
        CASE WHEN s.refusal IS NOT NULL THEN 'Y' END, m.store_path::text, m.quota_bytes
    FROM mp_sign_in(
        typed, CASE service WHEN 'sieve' THEN 'imap' ELSE service END,
        nullif(client, '')::inet) AS s
    JOIN accounts_account a ON a.id = s.account_id
    JOIN accounts_mailbox m ON m.account_id = a.id
    WHERE s.refusal IS NULL OR s.refusal IN ('app_password', 'password_expired');
END
$$;

REVOKE ALL ON FUNCTION
    mp_dovecot_app_sign_in(text, text, text, text), mp_dovecot_sign_in(text, text, text)
FROM PUBLIC;
"""

UNDO = """
DROP FUNCTION mp_dovecot_sign_in(text, text, text);
CREATE FUNCTION mp_dovecot_sign_in(typed text, service text, client text)
RETURNS TABLE (address text, password text, store_path text, quota_bytes bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT a.address::text, mp_hash(s.password), m.store_path::text, m.quota_bytes
    FROM mp_sign_in(
        typed, CASE service WHEN 'sieve' THEN 'imap' ELSE service END,
        nullif(client, '')::inet) AS s
    JOIN accounts_account a ON a.id = s.account_id
    JOIN accounts_mailbox m ON m.account_id = a.id
    WHERE s.refusal IS NULL;
END
$$;
REVOKE ALL ON FUNCTION mp_dovecot_sign_in(text, text, text) FROM PUBLIC;
DROP FUNCTION mp_dovecot_app_sign_in(text, text, text, text);
DROP FUNCTION mp_matches(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mail_server", "0003_server_functions"),
        ("security", "0012_client_functions"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
