-- The database roles of the mail servers: they may call functions made for them, tell the
-- usage of mailboxes, and read no table. Run by `manage.py mail_config`; by hand where it may not create roles.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{{ plane.postfix.role }}') THEN
        CREATE ROLE {{ plane.postfix.role }};
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{{ plane.dovecot.role }}') THEN
        CREATE ROLE {{ plane.dovecot.role }};
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{{ plane.usage.role }}') THEN
        CREATE ROLE {{ plane.usage.role }};
    END IF;
END
$$;

ALTER ROLE {{ plane.postfix.role }} LOGIN PASSWORD '{{ plane.postfix.password }}';
ALTER ROLE {{ plane.dovecot.role }} LOGIN PASSWORD '{{ plane.dovecot.password }}';
ALTER ROLE {{ plane.usage.role }} LOGIN PASSWORD '{{ plane.usage.password }}';
ALTER ROLE {{ plane.postfix.role }} SET default_transaction_read_only = on;
ALTER ROLE {{ plane.dovecot.role }} SET default_transaction_read_only = on;

GRANT EXECUTE ON FUNCTION
    mp_postfix_domain(text), mp_postfix_mailbox(text), mp_postfix_recipients(text)
TO {{ plane.postfix.role }};

GRANT EXECUTE ON FUNCTION
    mp_dovecot_sign_in(text, text, text), mp_dovecot_app_sign_in(text, text, text, text),
    mp_dovecot_mailbox(text), mp_dovecot_mailboxes()
TO {{ plane.dovecot.role }};

-- By INSERT with ON CONFLICT; the table is always empty.
GRANT SELECT, INSERT, UPDATE ON mp_dovecot_usage TO {{ plane.usage.role }};

-- Dovecot asks with passwords in its statements: none may reach the log of the database.
-- Only a superuser may say so; without one, see that log_min_error_statement and
-- log_statement let none through.
DO $$
BEGIN
    ALTER ROLE {{ plane.dovecot.role }} SET log_statement = 'none';
    ALTER ROLE {{ plane.dovecot.role }} SET log_min_error_statement = 'panic';
    ALTER ROLE {{ plane.dovecot.role }} SET log_min_duration_statement = -1;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'The statements of {{ plane.dovecot.role }} may be logged';
END
$$;
