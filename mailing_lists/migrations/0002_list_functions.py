from django.db import migrations

FUNCTIONS = """
-- The next addresses of a list; departments with all that is below them.
CREATE OR REPLACE FUNCTION mp_list_members(list_address_id bigint) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(a.address, x.address, nullif(m.outside, ''))
    FROM mailing_lists_mailinglist l
    JOIN mailing_lists_listmember m ON m.mailing_list_id = l.id
    LEFT JOIN accounts_account a ON a.id = m.account_id
    LEFT JOIN mailing_lists_mailinglist n ON n.id = m.nested_id
    LEFT JOIN accounts_address x ON x.id = n.address_id
    WHERE l.address_id = $1 AND m.department_id IS NULL
    UNION
    SELECT a.address
    FROM mailing_lists_mailinglist l
    JOIN mailing_lists_listmember m ON m.mailing_list_id = l.id
    JOIN orgs_department top ON top.id = m.department_id
    JOIN orgs_department d
        ON d.tree_id = top.tree_id AND d.lft BETWEEN top.lft AND top.rght
    JOIN accounts_membership s ON s.department_id = d.id
    JOIN accounts_account a ON a.id = s.account_id
    WHERE l.address_id = $1
$$;

CREATE OR REPLACE FUNCTION mp_list_access(list_address_id bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN l.status <> 'active' THEN '550 5.2.1 Mailing list disabled' END
    FROM mailing_lists_mailinglist l WHERE l.address_id = $1
$$;

-- Whether a list lets a sender write: the signed-in account (null for the outside) and
-- MAIL FROM, which counts for the outside only.
CREATE FUNCTION mp_list_may_send(
    list_address_id bigint, sender_account_id bigint, sender_organization_id bigint,
    envelope_sender text)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE l.sender_rule
        WHEN 'everyone' THEN true
        WHEN 'inside' THEN coalesce(l.organization_id = sender_organization_id, false)
        ELSE EXISTS (
            SELECT 1 FROM mailing_lists_listsender s
            WHERE s.mailing_list_id = l.id AND (
                s.account_id = sender_account_id
                OR sender_account_id IS NULL AND s.outside = lower(envelope_sender))
        ) OR l.sender_rule = 'members' AND EXISTS (
            SELECT 1 FROM mp_list_reach(l.address_id) AS reached(address)
            WHERE reached.address = CASE
                WHEN sender_account_id IS NULL THEN lower(envelope_sender)
                ELSE (SELECT a.address FROM accounts_account a WHERE a.id = sender_account_id)
            END)
    END
    FROM mailing_lists_mailinglist l WHERE l.address_id = $1
$$;
"""

REACH = """
-- All addresses below a list, through nested lists of any depth.
CREATE FUNCTION mp_list_reach(list_address_id bigint) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE reach(address) AS (
        SELECT m FROM mp_list_members($1) AS m
        UNION
        SELECT m FROM reach
        JOIN accounts_address x ON x.address = reach.address AND x.kind = 'list',
        LATERAL mp_list_members(x.id) AS m
    )
    SELECT address FROM reach
$$;
"""

UNDO = """
DROP FUNCTION mp_list_may_send(bigint, bigint, bigint, text);
DROP FUNCTION mp_list_reach(bigint);
CREATE OR REPLACE FUNCTION mp_list_members(list_address_id bigint) RETURNS SETOF text
LANGUAGE sql STABLE AS $$ SELECT NULL::text WHERE false $$;
CREATE OR REPLACE FUNCTION mp_list_access(list_address_id bigint) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT '550 5.1.1 No such list' $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mailing_lists", "0001_initial"),
        ("mail_server", "0002_address_functions"),
    ]

    operations = [migrations.RunSQL(REACH + FUNCTIONS, UNDO)]
