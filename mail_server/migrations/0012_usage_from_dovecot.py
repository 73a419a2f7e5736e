from django.db import migrations

# Dovecot writes what a mailbox takes whenever it has changed (its plugin quota_clone), by
# INSERT with ON CONFLICT, which takes a table; no row ever stays in this one. Its user is an address, or where the console
# was at it the mailbox's path with "." for "/".
FUNCTIONS = """
CREATE TABLE mp_dovecot_usage (address text PRIMARY KEY, bytes bigint, messages bigint);

CREATE FUNCTION mp_dovecot_usage_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    place text := CASE WHEN NEW.address LIKE '%@boxes.invalid'
        THEN replace(split_part(NEW.address, '@', 1), '.', '/') END;
BEGIN
    UPDATE accounts_mailbox m SET usage_bytes = NEW.bytes
    WHERE m.id = (
        SELECT b.id FROM accounts_mailbox b WHERE b.store_path = place
        UNION ALL
        SELECT b.id FROM accounts_mailbox b JOIN accounts_account a ON a.id = b.account_id
        WHERE a.address = NEW.address
    ) AND m.usage_bytes <> NEW.bytes;
    RETURN NULL;
END
$$;

CREATE TRIGGER told BEFORE INSERT ON mp_dovecot_usage
FOR EACH ROW EXECUTE FUNCTION mp_dovecot_usage_told();

REVOKE ALL ON mp_dovecot_usage FROM PUBLIC;
REVOKE ALL ON FUNCTION mp_dovecot_usage_told() FROM PUBLIC;
"""

UNDO = """
DROP TABLE mp_dovecot_usage;
DROP FUNCTION mp_dovecot_usage_told();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mail_server", "0011_policy_function"),
        ("accounts", "0006_account_by_address"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
