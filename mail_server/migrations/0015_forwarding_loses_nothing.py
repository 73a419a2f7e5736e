from django.db import migrations

# Without a copy kept, mail is lost where nobody that it is forwarded to takes it: an account
# disabled later, one that receives from inside only, two that forward to each other. Then it
# stays in the mailbox that it was sent to.
FUNCTIONS = """
DROP FUNCTION mp_alias(text);

CREATE FUNCTION mp_reaches(target text, sender_organization bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN mp_rcpt_access(target) IS NULL
        AND mp_takes(coalesce((
            SELECT a.address FROM accounts_address x JOIN accounts_account a ON a.id = x.account_id
            WHERE x.address = mp_canonical(target)), target), sender_organization);
END
$$;

-- One step of the way of mail to an address; a mailbox stands for itself.
CREATE FUNCTION mp_alias(typed text, sender_organization bigint) RETURNS SETOF text
LANGUAGE plpgsql STABLE AS $$
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
    WHERE kind = 'primary' AND mailbox_id IS NOT NULL
        AND (keep_copy OR NOT forwards OR NOT EXISTS (
            SELECT FROM unnest(forward_to) AS target WHERE mp_reaches(target, $2)))
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

CREATE OR REPLACE FUNCTION mp_expand(start text, sender_organization bigint)
RETURNS TABLE (recipient text, mailbox_id bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE way(address, is_final) AS (
        SELECT mp_canonical(start), false
        UNION
        SELECT mp_canonical(step), mp_canonical(step) = way.address
        FROM way, LATERAL mp_alias(way.address, sender_organization) AS step
        WHERE NOT way.is_final AND mp_takes(way.address, sender_organization)
    )
    SELECT DISTINCT way.address, mp_mailbox(way.address) FROM way
    WHERE way.is_final
        OR mp_domain(split_part(way.address, '@', 2)) IS NULL;
    IF NOT FOUND THEN
        RETURN QUERY
        SELECT a.address::text, m.id
        FROM accounts_address x
        JOIN accounts_account a ON a.id = x.account_id
        JOIN accounts_mailbox m ON m.account_id = a.id
        WHERE x.address = mp_canonical(start) AND mp_takes(a.address, sender_organization);
    END IF;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("mail_server", "0014_sent_recipients")]

    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
