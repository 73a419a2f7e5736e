from django.db import migrations

# Statement triggers with transition tables: an import of 10,000 rows updates each
# count once. Rows are written in the order of their ids, lest two imports deadlock.
COUNTS = """
CREATE FUNCTION department_counts_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO orgs_departmentcount AS c (department_id, members, primaries)
    SELECT department_id, count(*), count(*) FILTER (WHERE is_primary)
    FROM added GROUP BY department_id ORDER BY department_id
    ON CONFLICT (department_id) DO UPDATE
    SET members = c.members + EXCLUDED.members, primaries = c.primaries + EXCLUDED.primaries;
    RETURN NULL;
END
$$;
CREATE FUNCTION department_counts_remove() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO orgs_departmentcount AS c (department_id, members, primaries)
    SELECT department_id, -count(*), -count(*) FILTER (WHERE is_primary)
    FROM removed GROUP BY department_id ORDER BY department_id
    ON CONFLICT (department_id) DO UPDATE
    SET members = c.members + EXCLUDED.members, primaries = c.primaries + EXCLUDED.primaries;
    RETURN NULL;
END
$$;
CREATE FUNCTION department_counts_shift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO orgs_departmentcount AS c (department_id, members, primaries)
    SELECT department_id, sum(sign), sum(sign) FILTER (WHERE is_primary)
    FROM (
        SELECT department_id, is_primary, 1 AS sign FROM added
        UNION ALL
        SELECT department_id, is_primary, -1 FROM removed
    ) AS moved
    GROUP BY department_id ORDER BY department_id
    ON CONFLICT (department_id) DO UPDATE
    SET members = c.members + EXCLUDED.members,
        primaries = c.primaries + coalesce(EXCLUDED.primaries, 0);
    RETURN NULL;
END
$$;
CREATE TRIGGER membership_added AFTER INSERT ON accounts_membership
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION department_counts_add();
CREATE TRIGGER membership_removed AFTER DELETE ON accounts_membership
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT
    EXECUTE FUNCTION department_counts_remove();
CREATE TRIGGER membership_shifted AFTER UPDATE ON accounts_membership
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION department_counts_shift();
"""

UNDO = """
DROP TRIGGER membership_added ON accounts_membership;
DROP TRIGGER membership_removed ON accounts_membership;
DROP TRIGGER membership_shifted ON accounts_membership;
DROP FUNCTION department_counts_add();
DROP FUNCTION department_counts_remove();
DROP FUNCTION department_counts_shift();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(COUNTS, UNDO)]
