from django.db import migrations

# All that the policy needs to know, for many questions at once: the servers ask for every
# RCPT, and one query for those that wait together costs a third of one query for each.
# Generic plan: by what it costs PostgreSQL would plan each call anew, for a millisecond.
#
# A question: who signed in (the account's address; empty for the outside), MAIL FROM, the
# recipient as typed, and from where a mail client asks (empty where the one who asks keeps
# watch over sessions itself). mp_list_may_send comes with the chapter of lists.
FUNCTIONS = """
CREATE FUNCTION mp_policy(logins text[], envelopes text[], recipients text[], clients text[])
RETURNS TABLE (
    is_signed_in boolean, account_id bigint, sender_organization_id bigint, send_scope text,
    must_leave boolean, envelope_is_ours boolean, envelope_is_own boolean,
    is_inside boolean, refusal text, organization_id bigint, receive_scope text,
    quota_bytes bigint, usage_bytes bigint, list_takes boolean)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT q.login <> '', s.id, s.organization_id,
        CASE WHEN s.id IS NOT NULL THEN coalesce(sm.send_scope::text, 'none') END,
        CASE WHEN s.id IS NULL OR q.client = '' THEN false
            ELSE coalesce(
                mp_state_refusal(s.id, 'smtp'), mp_network_refusal(s.id, q.client::inet)
            ) IS NOT NULL
        END,
        ed.id IS NOT NULL,
        coalesce(own.account_id = s.id, false),
        d.id IS NOT NULL,
        CASE
            WHEN d.id IS NULL THEN NULL
            WHEN x.id IS NULL THEN '550 5.1.1 No such mailbox here'
            WHEN x.kind = 'list' THEN mp_list_access(x.id)
            WHEN a.deleted_at IS NOT NULL OR a.status = 'disabled'
                THEN '550 5.2.1 Mailbox disabled'
            WHEN a.expires_at <= now() THEN '550 5.2.1 Mailbox expired'
            WHEN m.id IS NULL THEN '550 5.1.1 No mailbox here by that name'
        END,
        coalesce(dt.organization_id, d.organization_id), m.receive_scope::text,
        m.quota_bytes, m.usage_bytes,
        CASE WHEN x.kind = 'list'
            THEN mp_list_may_send(x.id, s.id, s.organization_id, q.envelope) END
    FROM (
        SELECT u.login, u.envelope, u.client, u.place,
            lower(split_part(u.recipient, '@', -1)) AS domain,
            left(lower(u.recipient), -1 - length(split_part(u.recipient, '@', -1))) AS local_part,
            split_part(u.envelope, '@', -1) AS sender_domain,
            left(u.envelope, -1 - length(split_part(u.envelope, '@', -1))) AS sender_local_part
        FROM unnest(logins, envelopes, recipients, clients)
            WITH ORDINALITY AS u(login, envelope, recipient, client, place)
    ) AS q
    LEFT JOIN orgs_domain d ON d.name = q.domain
    LEFT JOIN orgs_domain dt ON dt.id = d.alias_of_id
    LEFT JOIN accounts_address x ON x.address = q.local_part || '@' || coalesce(dt.name, d.name)
    LEFT JOIN accounts_account a ON a.id = x.account_id
    LEFT JOIN accounts_mailbox m ON m.account_id = a.id
    LEFT JOIN orgs_domain ed ON ed.name = q.sender_domain
    LEFT JOIN orgs_domain et ON et.id = ed.alias_of_id
    LEFT JOIN accounts_account s ON s.address = q.login
    LEFT JOIN accounts_mailbox sm ON sm.account_id = s.id
    LEFT JOIN accounts_address own
        ON s.id IS NOT NULL
        AND own.address = q.sender_local_part || '@' || coalesce(et.name, ed.name)
    ORDER BY q.place;
END
$$;

CREATE OR REPLACE FUNCTION mp_postfix_recipients(typed text) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    known boolean;
BEGIN
    SELECT p.is_inside AND p.refusal IS NULL INTO known
    FROM mp_policy(ARRAY[''], ARRAY[''], ARRAY[typed], ARRAY['']) AS p;
    IF NOT known THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT e.recipient FROM mp_expand(typed, NULL) AS e;
    IF NOT FOUND THEN
        RETURN NEXT 'nobody@nowhere.invalid';
    END IF;
END
$$;

DROP FUNCTION mp_recipient(text);
"""

UNDO = """
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

CREATE OR REPLACE FUNCTION mp_postfix_recipients(typed text) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    known boolean;
BEGIN
    SELECT r.is_inside AND r.refusal IS NULL INTO known
    FROM mp_recipient(typed) AS r;
    IF NOT known THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT e.recipient FROM mp_expand(typed, NULL) AS e;
    IF NOT FOUND THEN
        RETURN NEXT 'nobody@nowhere.invalid';
    END IF;
END
$$;

DROP FUNCTION mp_policy(text[], text[], text[], text[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mail_server", "0010_recipients_by_milter"),
        ("security", "0006_network_functions"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
