-- The database roles of the mail servers: they may call functions made for them, and read
-- no table. Run by `manage.py mail_config`; by hand where it may not create roles.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{{ plane.postfix.role }}') THEN
        CREATE ROLE {{ plane.postfix.role }};
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{{ plane.dovecot.role }}') THEN
        CREATE ROLE {{ plane.dovecot.role }};
    END IF;
END
$$;

ALTER ROLE {{ plane.postfix.role }} LOGIN PASSWORD '{{ plane.postfix.password }}';
ALTER ROLE {{ plane.dovecot.role }} LOGIN PASSWORD '{{ plane.dovecot.password }}';
ALTER ROLE {{ plane.postfix.role }} SET default_transaction_read_only = on;
ALTER ROLE {{ plane.dovecot.role }} SET default_transaction_read_only = on;

GRANT EXECUTE ON FUNCTION
    mp_postfix_domain(text), mp_postfix_mailbox(text), mp_postfix_recipients(text, boolean),
    mp_postfix_backups(text)
TO {{ plane.postfix.role }};

GRANT EXECUTE ON FUNCTION
    mp_dovecot_sign_in(text, text, text), mp_dovecot_mailbox(text), mp_dovecot_mailboxes()
TO {{ plane.dovecot.role }};
