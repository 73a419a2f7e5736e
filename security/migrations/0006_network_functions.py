from django.db import migrations

# mp_plain: a socket for both families gives IPv4 addresses mapped into IPv6.
# mp_never_locks: whether wrong passwords from there count for nothing.
# statement_timestamp() instead of now(): a long transaction must see a lock end.
# Ranges compare by their ends; IPv4 sorts before all IPv6, so a range of one family never
# has an address of the other.
FUNCTIONS = """
CREATE FUNCTION mp_plain(client inet) RETURNS inet LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN client << '::ffff:0:0/96'::inet
        THEN '0.0.0.0'::inet + (host(client)::inet - '::ffff:0:0'::inet)
        ELSE host(client)::inet END
$$;

CREATE FUNCTION mp_never_locks(organization_id bigint, client inet) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM security_lockoutexemption e
        WHERE e.organization_id = $1 AND mp_plain($2) BETWEEN e.first AND e.last
    );
END
$$;

CREATE OR REPLACE FUNCTION mp_lockout_refusal(account_id bigint, client inet) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT 'locked' FROM security_lockout l
        LEFT JOIN security_lockoutrule r ON r.organization_id = l.organization_id
        WHERE l.account_id = $1 AND l.locked_until > statement_timestamp()
            AND coalesce(r.is_on, true) AND NOT mp_never_locks(l.organization_id, $2)
    );
END
$$;

CREATE OR REPLACE FUNCTION mp_network_refusal(account_id bigint, client inet) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    organization bigint;
    own bigint;
    elsewhere text;
    verdict text;
BEGIN
    SELECT a.organization_id, p.id, p.elsewhere INTO organization, own, elsewhere
    FROM accounts_account a LEFT JOIN security_ippolicy p ON p.account_id = a.id
    WHERE a.id = $1;

    SELECT r.action INTO verdict FROM security_iprule r
    WHERE r.organization_id = organization AND r.policy_id IS NOT DISTINCT FROM own
        AND mp_plain($2) BETWEEN r.first AND r.last
    ORDER BY r.size, r.action DESC LIMIT 1;

    IF verdict IS NULL AND own IS NOT NULL THEN
        verdict := elsewhere;
    ELSIF verdict IS NULL AND EXISTS (
        SELECT FROM security_iprule r
        WHERE r.organization_id = organization AND r.policy_id IS NULL AND r.action = 'allow'
    ) THEN
        verdict := 'deny';
    END IF;
    RETURN CASE WHEN verdict = 'deny' THEN 'network' END;
END
$$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION mp_network_refusal(account_id bigint, client inet) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;
CREATE OR REPLACE FUNCTION mp_lockout_refusal(account_id bigint, client inet) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;
DROP FUNCTION mp_never_locks(bigint, inet);
DROP FUNCTION mp_plain(inet);
"""


class Migration(migrations.Migration):
    dependencies = [("security", "0005_networks_and_lockouts")]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
