from django.db import migrations

# An account counts once for each of its departments; where its branches of the tree
# meet, the superfluous ones are noted (DepartmentCount.shared). Parents are followed,
# not MPTT's numbers, which are in flux while a department is moved.
SHARED = """
CREATE FUNCTION department_shared_shift(accounts bigint[], departments bigint[], sign integer)
RETURNS void LANGUAGE sql AS $$
    WITH RECURSIVE climb(account_id, department_id, branch_id) AS (
        SELECT account_id, department_id, department_id
        FROM unnest(accounts, departments) AS m(account_id, department_id)
        UNION
        SELECT climb.account_id, d.parent_id, d.id
        FROM climb JOIN orgs_department d ON d.id = climb.department_id
        WHERE d.parent_id IS NOT NULL
    ), meeting AS (
        SELECT department_id, count(*) - 1 AS superfluous
        FROM climb GROUP BY account_id, department_id HAVING count(*) > 1
    )
    INSERT INTO orgs_departmentcount AS c (department_id, members, primaries, shared)
    SELECT department_id, 0, 0, sign * sum(superfluous)
    FROM meeting GROUP BY department_id ORDER BY department_id
    ON CONFLICT (department_id) DO UPDATE SET shared = c.shared + EXCLUDED.shared;
$$;

-- A further membership transferred alone has no primary one to sum over.
CREATE OR REPLACE FUNCTION department_counts_shift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO orgs_departmentcount AS c (department_id, members, primaries)
    SELECT department_id, sum(sign), coalesce(sum(sign) FILTER (WHERE is_primary), 0)
    FROM (
        SELECT department_id, is_primary, 1 AS sign FROM added
        UNION ALL
        SELECT department_id, is_primary, -1 FROM removed
    ) AS moved
    GROUP BY department_id ORDER BY department_id
    ON CONFLICT (department_id) DO UPDATE
    SET members = c.members + EXCLUDED.members, primaries = c.primaries + EXCLUDED.primaries;
    RETURN NULL;
END
$$;

-- What the memberships of these accounts, as they stand, contribute.
CREATE FUNCTION department_shared_of(account_ids bigint[], sign integer)
RETURNS void LANGUAGE sql AS $$
    SELECT department_shared_shift(array_agg(account_id), array_agg(department_id), sign)
    FROM accounts_membership WHERE account_id = ANY(account_ids);
$$;

CREATE FUNCTION department_shared_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gained_accounts bigint[] := '{}';
    gained_departments bigint[] := '{}';
    lost_accounts bigint[] := '{}';
    lost_departments bigint[] := '{}';
    several bigint[];
BEGIN
    -- Of several departments, at most one is the primary one.
    IF TG_OP <> 'DELETE' THEN
        SELECT coalesce(array_agg(account_id), '{}'), coalesce(array_agg(department_id), '{}')
        INTO gained_accounts, gained_departments FROM added a
        WHERE NOT a.is_primary OR EXISTS (
            SELECT FROM accounts_membership m
            WHERE m.account_id = a.account_id AND NOT m.is_primary
        );
    END IF;
    IF TG_OP <> 'INSERT' THEN
        SELECT coalesce(array_agg(account_id), '{}'), coalesce(array_agg(department_id), '{}')
        INTO lost_accounts, lost_departments FROM removed r
        WHERE NOT r.is_primary OR EXISTS (
            SELECT FROM accounts_membership m
            WHERE m.account_id = r.account_id AND NOT m.is_primary
        ) OR EXISTS (
            SELECT FROM removed other
            WHERE other.account_id = r.account_id AND NOT other.is_primary
        );
    END IF;
    several := ARRAY(SELECT DISTINCT unnest(gained_accounts || lost_accounts));
    IF several = '{}' THEN
        RETURN NULL;
    END IF;
    -- A move of a department must not come between: it holds the row of the organization.
    PERFORM FROM orgs_organization
    WHERE id IN (SELECT organization_id FROM accounts_account WHERE id = ANY(several))
    ORDER BY id FOR SHARE;
    PERFORM department_shared_shift(array_agg(account_id), array_agg(department_id), -1)
    FROM (
        (SELECT account_id, department_id FROM accounts_membership
         WHERE account_id = ANY(several)
         EXCEPT SELECT * FROM unnest(gained_accounts, gained_departments))
        UNION SELECT * FROM unnest(lost_accounts, lost_departments)
    ) AS former;
    PERFORM department_shared_of(several, 1);
    RETURN NULL;
END
$$;

-- Triggers fire in the order of their names: these lock the organization before
-- the others lock counts.
CREATE TRIGGER membership_a_shared_added AFTER INSERT ON accounts_membership
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION department_shared_changed();
CREATE TRIGGER membership_a_shared_removed AFTER DELETE ON accounts_membership
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT
    EXECUTE FUNCTION department_shared_changed();
CREATE TRIGGER membership_a_shared_shifted AFTER UPDATE ON accounts_membership
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION department_shared_changed();

SELECT department_shared_of(
    ARRAY(SELECT account_id FROM accounts_membership WHERE NOT is_primary), 1);
"""

UNDO = """
DROP TRIGGER membership_a_shared_added ON accounts_membership;
DROP TRIGGER membership_a_shared_removed ON accounts_membership;
DROP TRIGGER membership_a_shared_shifted ON accounts_membership;
DROP FUNCTION department_shared_changed();
DROP FUNCTION department_shared_of(bigint[], integer);
DROP FUNCTION department_shared_shift(bigint[], bigint[], integer);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_department_counts"),
        ("orgs", "0002_department_shared"),
    ]

    operations = [migrations.RunSQL(SHARED, UNDO)]
