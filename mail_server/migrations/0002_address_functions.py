from django.db import migrations

# What an address means. The mail servers call these and read no table; the functions at
# the top say nothing until the chapters above (lists, self-backup) replace them. PL/pgSQL
# keeps its plans for a session; inlined SQL functions were planned anew for each call, and
# at a million accounts with a scan of the whole table (70 ms instead of 0.3 for mp_expand).
FUNCTIONS = """
CREATE FUNCTION mp_list_members(list_address_id bigint) RETURNS SETOF text
LANGUAGE sql STABLE AS $$ SELECT NULL::text WHERE false $$;

CREATE FUNCTION mp_list_access(list_address_id bigint) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT '550 5.1.1 No such list' $$;

CREATE FUNCTION mp_backups(backed_up_account_id bigint) RETURNS SETOF text
LANGUAGE sql STABLE AS $$ SELECT NULL::text WHERE false $$;

CREATE FUNCTION mp_domain(name text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT d.name FROM orgs_domain d WHERE d.name = lower($1)
$$;

-- Why nothing can be delivered to an account; null where it can. A frozen account signs
-- in nowhere, but its mail is kept for it.
CREATE FUNCTION mp_account_access(account_id bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT CASE
        WHEN a.deleted_at IS NOT NULL OR a.status = 'disabled'
            THEN '550 5.2.1 Mailbox disabled'
        WHEN a.expires_at <= now() THEN '550 5.2.1 Mailbox expired'
        WHEN m.id IS NULL THEN '550 5.1.1 No mailbox here by that name'
    END
    FROM accounts_account a LEFT JOIN accounts_mailbox m ON m.account_id = a.id
    WHERE a.id = $1
    );
END
$$;

-- The refusal of an inside address; null where mail is taken, or it is not ours.
CREATE FUNCTION mp_rcpt_access(typed text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT CASE
        WHEN x.id IS NULL AND mp_domain(split_part(mp_canonical($1), '@', 2)) IS NOT NULL
            THEN '550 5.1.1 No such mailbox here'
        WHEN x.kind = 'list' THEN mp_list_access(x.id)
        WHEN x.id IS NOT NULL THEN mp_account_access(x.account_id)
    END
    FROM (SELECT mp_canonical($1) AS canonical) AS typed
    LEFT JOIN accounts_address x ON x.address = typed.canonical
    );
END
$$;

CREATE FUNCTION mp_mailbox(typed text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT m.id FROM accounts_address x JOIN accounts_mailbox m ON m.account_id = x.account_id
    WHERE x.address = mp_canonical($1)
    );
END
$$;

-- One step of the way of mail to an address; a mailbox stands for itself.
CREATE FUNCTION mp_alias(typed text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH found AS (
        SELECT x.id, x.kind, x.account_id, x.address, a.address AS primary_address,
            m.id AS mailbox_id,
            coalesce(m.forwarding_allowed AND cardinality(m.forward_to) > 0, false) AS forwards,
            m.forward_to, m.keep_copy
        FROM accounts_address x
        LEFT JOIN accounts_account a ON a.id = x.account_id
        LEFT JOIN accounts_mailbox m ON m.account_id = x.account_id
        WHERE x.address = mp_canonical($1)
    )
    SELECT primary_address::text FROM found WHERE kind = 'alias'
    UNION
    SELECT address::text FROM found
    WHERE kind = 'primary' AND mailbox_id IS NOT NULL AND (keep_copy OR NOT forwards)
    UNION
    SELECT lower(target) FROM found, unnest(forward_to) AS target
    WHERE kind = 'primary' AND forwards
    UNION
    SELECT backup FROM found, mp_backups(account_id) AS backup WHERE kind = 'primary'
    UNION
    SELECT lower(member) FROM found, mp_list_members(id) AS member
    WHERE kind = 'list' AND mp_list_access(id) IS NULL;
END
$$;

-- The addresses that a login may use as envelope sender.
CREATE FUNCTION mp_owner(login text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT x.address::text FROM accounts_address x
    WHERE x.account_id = (
        SELECT y.account_id FROM accounts_address y WHERE y.address = mp_canonical($1))
    UNION
    SELECT x.local_part || '@' || d.name
    FROM accounts_address x JOIN orgs_domain d ON d.alias_of_id = x.domain_id
    WHERE x.account_id = (
        SELECT y.account_id FROM accounts_address y WHERE y.address = mp_canonical($1));
END
$$;

CREATE FUNCTION mp_sender_bcc(typed text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT backup FROM accounts_address x, mp_backups(x.account_id) AS backup
    WHERE x.address = mp_canonical($1) AND x.account_id IS NOT NULL;
END
$$;

-- Whether a mailbox takes mail reached on a detour (alias, list, forwarding, backup):
-- what cannot be delivered there is left out, for its sender never named it.
CREATE FUNCTION mp_takes(typed text, sender_organization bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT coalesce((
        SELECT mp_account_access(a.id) IS NULL AND CASE m.receive_scope
            WHEN 'all' THEN true
            WHEN 'internal' THEN coalesce(a.organization_id = sender_organization, false)
            ELSE false END
        FROM accounts_address x
        JOIN accounts_account a ON a.id = x.account_id
        LEFT JOIN accounts_mailbox m ON m.account_id = a.id
        WHERE x.address = $1 AND x.kind = 'primary'), true)
    );
END
$$;

-- Where mail to an address ends: each mailbox and each outside address once, however
-- many ways lead there. UNION drops what was seen before, so loops end by themselves.
CREATE FUNCTION mp_expand(start text, sender_organization bigint)
RETURNS TABLE (recipient text, mailbox_id bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE way(address, is_final) AS (
        SELECT mp_canonical(start), false
        UNION
        SELECT mp_canonical(step), mp_canonical(step) = way.address
        FROM way, LATERAL mp_alias(way.address) AS step
        WHERE NOT way.is_final AND mp_takes(way.address, sender_organization)
    )
    SELECT DISTINCT way.address, mp_mailbox(way.address) FROM way
    WHERE way.is_final
        OR mp_domain(split_part(way.address, '@', 2)) IS NULL;
END
$$;

-- All that the policy needs to know of a recipient, in one row: mp_canonical and
-- mp_rcpt_access in a single query, for it is asked for every RCPT.
CREATE FUNCTION mp_recipient(typed text)
RETURNS TABLE (
    is_inside boolean, refusal text, kind text, address_id bigint, account_id bigint,
    organization_id bigint, mailbox_id bigint, receive_scope text, quota_bytes bigint,
    usage_bytes bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT d.id IS NOT NULL,
        CASE
            WHEN d.id IS NULL THEN NULL
            WHEN x.id IS NULL THEN '550 5.1.1 No such mailbox here'
            WHEN x.kind = 'list' THEN mp_list_access(x.id)
            WHEN a.deleted_at IS NOT NULL OR a.status = 'disabled'
                THEN '550 5.2.1 Mailbox disabled'
            WHEN a.expires_at <= now() THEN '550 5.2.1 Mailbox expired'
            WHEN m.id IS NULL THEN '550 5.1.1 No mailbox here by that name'
        END,
        x.kind::text, x.id, a.id, coalesce(target.organization_id, d.organization_id),
        m.id, m.receive_scope::text, m.quota_bytes, m.usage_bytes
    FROM (SELECT split_part(lower(typed), '@', 1) AS local_part,
                 split_part(lower(typed), '@', 2) AS domain) AS t
    LEFT JOIN orgs_domain d ON d.name = t.domain
    LEFT JOIN orgs_domain target ON target.id = d.alias_of_id
    LEFT JOIN accounts_address x
        ON x.address = t.local_part || '@' || coalesce(target.name, d.name)
    LEFT JOIN accounts_account a ON a.id = x.account_id
    LEFT JOIN accounts_mailbox m ON m.account_id = a.id;
END
$$;
"""

UNDO = """
DROP FUNCTION mp_recipient(text);
DROP FUNCTION mp_expand(text, bigint);
DROP FUNCTION mp_takes(text, bigint);
DROP FUNCTION mp_sender_bcc(text);
DROP FUNCTION mp_owner(text);
DROP FUNCTION mp_alias(text);
DROP FUNCTION mp_mailbox(text);
DROP FUNCTION mp_rcpt_access(text);
DROP FUNCTION mp_account_access(bigint);
DROP FUNCTION mp_domain(text);
DROP FUNCTION mp_backups(bigint);
DROP FUNCTION mp_list_access(bigint);
DROP FUNCTION mp_list_members(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mail_server", "0001_initial"),
        ("security", "0002_sign_in_functions"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
