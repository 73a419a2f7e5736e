from django.db import migrations

# Of those alone who were reached through an alias, a list or forwarding: the others are found
# by the recipient.
INDEX = """
CREATE INDEX message_event_by_written ON mail_server_messageevent
    (organization_id, original_recipient varchar_pattern_ops, at)
    WHERE original_recipient <> recipient
"""


class Migration(migrations.Migration):

    dependencies = [
        ('mail_server', '0008_log_reader'),
    ]

    operations = [
        migrations.RunSQL(INDEX, "DROP INDEX message_event_by_written"),
    ]
