from django.db import migrations

# All that Postfix and Dovecot may call. They connect by roles that can read no table
# (deploy/mail/roles.sql), so these run with the rights of their owner; each is given to
# the one role that needs it, for mp_dovecot_sign_in hands out password hashes.
FUNCTIONS = """
CREATE FUNCTION mp_postfix_domain(name text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT found FROM mp_domain(name) AS found WHERE found IS NOT NULL
$$;

-- An address that mail ends at.
CREATE FUNCTION mp_postfix_mailbox(typed text) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT x.address::text FROM accounts_address x
    JOIN accounts_mailbox m ON m.account_id = x.account_id
    WHERE x.address = lower(typed) AND x.kind = 'primary';
END
$$;

-- Where mail to an inside address ends. Postfix knows no sender's organization here, only
-- by which door the message came in: from inside, the recipient's own is taken for it.
-- Where nobody takes the mail it goes nowhere, as the sender named nobody who refuses it.
CREATE FUNCTION mp_postfix_recipients(typed text, from_inside boolean) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    organization bigint;
    known boolean;
BEGIN
    SELECT r.organization_id, r.is_inside AND r.refusal IS NULL INTO organization, known
    FROM mp_recipient(typed) AS r;
    IF NOT known THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT e.recipient FROM mp_expand(
        typed, CASE WHEN from_inside THEN organization END) AS e;
    IF NOT FOUND THEN
        RETURN NEXT 'nobody@nowhere.invalid';
    END IF;
END
$$;

CREATE FUNCTION mp_postfix_backups(sender text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT backup FROM mp_sender_bcc(sender) AS backup
$$;

-- Nothing for whom a sign-in is refused: told apart from a wrong password, a locked account
-- would say when a guess was right.
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

-- A mailbox and where it lies, whether its account is in use or not: for delivery and for
-- whoever keeps the store in order.
CREATE FUNCTION mp_dovecot_mailbox(typed text)
RETURNS TABLE (address text, store_path text, quota_bytes bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT a.address::text, m.store_path::text, m.quota_bytes
    FROM accounts_account a JOIN accounts_mailbox m ON m.account_id = a.id
    WHERE a.address = mp_canonical(typed);
END
$$;

CREATE FUNCTION mp_dovecot_mailboxes() RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT a.address::text
    FROM accounts_account a JOIN accounts_mailbox m ON m.account_id = a.id;
END
$$;

REVOKE ALL ON FUNCTION
    mp_postfix_domain(text), mp_postfix_mailbox(text), mp_postfix_recipients(text, boolean),
    mp_postfix_backups(text), mp_dovecot_sign_in(text, text, text), mp_dovecot_mailbox(text),
    mp_dovecot_mailboxes()
FROM PUBLIC;
"""

UNDO = """
DROP FUNCTION mp_dovecot_mailboxes();
DROP FUNCTION mp_dovecot_mailbox(text);
DROP FUNCTION mp_dovecot_sign_in(text, text, text);
DROP FUNCTION mp_postfix_backups(text);
DROP FUNCTION mp_postfix_recipients(text, boolean);
DROP FUNCTION mp_postfix_mailbox(text);
DROP FUNCTION mp_postfix_domain(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mail_server", "0002_address_functions"),
        ("security", "0008_password_functions"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
