from django.db import migrations

# For the message trace, of which no other kinds are rows: by whose mail it is, where that is
# few, and by words of the subject (as "contains, whatever the case" asks for them).
OUTCOMES = "kind IN ('delivered', 'deferred', 'refused')"
INDEXES = f"""
CREATE INDEX message_event_of_sender ON mail_server_messageevent (sender_account_id, at)
    WHERE sender_account_id IS NOT NULL AND {OUTCOMES};
CREATE INDEX message_event_of_recipient ON mail_server_messageevent (recipient_account_id, at)
    WHERE recipient_account_id IS NOT NULL AND {OUTCOMES};
CREATE INDEX message_event_by_subject ON mail_server_messageevent
    USING gin (upper(subject) gin_trgm_ops) WHERE {OUTCOMES};
"""
UNDO = """
DROP INDEX message_event_of_sender;
DROP INDEX message_event_of_recipient;
DROP INDEX message_event_by_subject;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('mail_server', '0012_usage_from_dovecot'),
        # The extension for it.
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(INDEXES, UNDO),
    ]
