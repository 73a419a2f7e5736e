from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION mp_backups(backed_up_account_id bigint) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
    SELECT a.address FROM apps_center_backuprule r JOIN accounts_account a ON a.id = r.main_id
    WHERE r.backed_up_id = $1
$$;

-- Each mailbox has one main mailbox at most, so the way up is a line: a circle comes back
-- to where it began. Two rules at once wait for one another.
CREATE FUNCTION backup_refuses_circles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE above bigint := NEW.main_id;
BEGIN
    PERFORM pg_advisory_xact_lock(7303);
    WHILE above IS NOT NULL LOOP
        IF above = NEW.backed_up_id THEN
            RAISE EXCEPTION 'A circle of backup mailboxes.' USING ERRCODE = 'check_violation';
        END IF;
        above := (SELECT main_id FROM apps_center_backuprule
                  WHERE backed_up_id = above AND id <> NEW.id);
    END LOOP;
    RETURN NEW;
END
$$;
CREATE TRIGGER backup_no_circle BEFORE INSERT OR UPDATE ON apps_center_backuprule
    FOR EACH ROW EXECUTE FUNCTION backup_refuses_circles();
"""

UNDO = """
DROP TRIGGER backup_no_circle ON apps_center_backuprule;
DROP FUNCTION backup_refuses_circles();
CREATE OR REPLACE FUNCTION mp_backups(backed_up_account_id bigint) RETURNS SETOF text
LANGUAGE sql STABLE AS $$ SELECT NULL::text WHERE false $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("apps_center", "0001_initial"),
        ("mail_server", "0002_address_functions"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
