from django.db import migrations, models

# Who a member's message reaches is answered to the milter, which knows the member: Postfix
# itself asks for mail from the outside only, and for nobody's backup.
FUNCTIONS = """
DROP FUNCTION mp_postfix_backups(text);
DROP FUNCTION mp_postfix_recipients(text, boolean);

-- Where mail from the outside to an inside address ends. Where nobody takes it, it goes
-- nowhere, as the sender named nobody who refuses it.
CREATE FUNCTION mp_postfix_recipients(typed text) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    known boolean;
BEGIN
    SELECT r.is_inside AND r.refusal IS NULL INTO known FROM mp_recipient(typed) AS r;
    IF NOT known THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT e.recipient FROM mp_expand(typed, NULL) AS e;
    IF NOT FOUND THEN
        RETURN NEXT 'nobody@nowhere.invalid';
    END IF;
END
$$;

REVOKE ALL ON FUNCTION mp_postfix_recipients(text) FROM PUBLIC;
"""

UNDO = """
DROP FUNCTION mp_postfix_recipients(text);

CREATE FUNCTION mp_postfix_recipients(typed text, from_inside boolean) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    organization bigint;
    known boolean;
BEGIN
    SELECT r.organization_id, r.is_inside AND r.refusal IS NULL INTO organization, known
    FROM mp_recipient(typed) AS r;
    IF NOT known THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT e.recipient FROM mp_expand(
        typed, CASE WHEN from_inside THEN organization END) AS e;
    IF NOT FOUND THEN
        RETURN NEXT 'nobody@nowhere.invalid';
    END IF;
END
$$;

CREATE FUNCTION mp_postfix_backups(sender text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT backup FROM mp_sender_bcc(sender) AS backup
$$;

REVOKE ALL ON FUNCTION mp_postfix_recipients(text, boolean), mp_postfix_backups(text)
FROM PUBLIC;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('mail_server', '0009_events_by_written_address'),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, UNDO),
        migrations.AddField(
            model_name='loggedmessage',
            name='originals',
            field=models.JSONField(default=dict),
        ),
    ]
