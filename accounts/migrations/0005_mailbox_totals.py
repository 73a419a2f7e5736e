from django.db import migrations

# Statement triggers with transition tables, so that an import counts once. A quota that
# changes is one row of its own: usage changes with every message and must cost nothing.
TOTALS = """
CREATE FUNCTION mailbox_totals_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO accounts_mailboxtotal AS t (organization_id, mailboxes, quota_bytes)
    SELECT a.organization_id, count(*), sum(m.quota_bytes)
    FROM added m JOIN accounts_account a ON a.id = m.account_id
    GROUP BY a.organization_id ORDER BY a.organization_id
    ON CONFLICT (organization_id) DO UPDATE
    SET mailboxes = t.mailboxes + EXCLUDED.mailboxes,
        quota_bytes = t.quota_bytes + EXCLUDED.quota_bytes;
    RETURN NULL;
END
$$;
CREATE FUNCTION mailbox_totals_remove() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_mailboxtotal t
    SET mailboxes = t.mailboxes - gone.mailboxes, quota_bytes = t.quota_bytes - gone.quota_bytes
    FROM (
        SELECT a.organization_id, count(*) AS mailboxes, sum(m.quota_bytes) AS quota_bytes
        FROM removed m JOIN accounts_account a ON a.id = m.account_id
        GROUP BY a.organization_id
    ) AS gone
    WHERE t.organization_id = gone.organization_id;
    RETURN NULL;
END
$$;
CREATE FUNCTION mailbox_totals_quota() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_mailboxtotal t
    SET quota_bytes = t.quota_bytes + NEW.quota_bytes - OLD.quota_bytes
    FROM accounts_account a
    WHERE a.id = NEW.account_id AND t.organization_id = a.organization_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER mailbox_added AFTER INSERT ON accounts_mailbox
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION mailbox_totals_add();
CREATE TRIGGER mailbox_removed AFTER DELETE ON accounts_mailbox
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT
    EXECUTE FUNCTION mailbox_totals_remove();
CREATE TRIGGER mailbox_quota_changed AFTER UPDATE OF quota_bytes ON accounts_mailbox
    FOR EACH ROW WHEN (OLD.quota_bytes IS DISTINCT FROM NEW.quota_bytes)
    EXECUTE FUNCTION mailbox_totals_quota();
INSERT INTO accounts_mailboxtotal (organization_id, mailboxes, quota_bytes)
SELECT a.organization_id, count(*), sum(m.quota_bytes)
FROM accounts_mailbox m JOIN accounts_account a ON a.id = m.account_id
GROUP BY a.organization_id;
"""

UNDO = """
DROP TRIGGER mailbox_added ON accounts_mailbox;
DROP TRIGGER mailbox_removed ON accounts_mailbox;
DROP TRIGGER mailbox_quota_changed ON accounts_mailbox;
DROP FUNCTION mailbox_totals_add();
DROP FUNCTION mailbox_totals_remove();
DROP FUNCTION mailbox_totals_quota();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_account_list")]

    operations = [migrations.RunSQL(TOTALS, UNDO)]
