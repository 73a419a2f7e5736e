import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mail_server.services.partitions import make_partitions

# What Django would make, but in partitions by month: a month that is not asked about is not
# looked at, and an old one can be taken away at once. Each unique key of such a table must
# hold the column that divides it. What belongs to no month made so far goes to "other".
TABLE = """
CREATE SEQUENCE mail_server_messageevent_id_seq;
CREATE TABLE mail_server_messageevent (
    id bigint NOT NULL DEFAULT nextval('mail_server_messageevent_id_seq'),
    at timestamp with time zone NOT NULL,
    kind varchar(16) NOT NULL,
    direction varchar(16) NOT NULL,
    organization_id bigint,
    sender_account_id bigint,
    recipient_account_id bigint,
    queue_id varchar(32) NOT NULL,
    message_id varchar(998) NOT NULL,
    sender varchar(254) NOT NULL,
    recipient varchar(254) NOT NULL,
    original_recipient varchar(254) NOT NULL,
    login varchar(254) NOT NULL,
    subject varchar(998) NOT NULL,
    size_bytes bigint NOT NULL,
    client_ip inet,
    dsn varchar(16) NOT NULL,
    relay varchar(255) NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
ALTER SEQUENCE mail_server_messageevent_id_seq OWNED BY mail_server_messageevent.id;

CREATE UNIQUE INDEX message_event_once ON mail_server_messageevent
    (queue_id, recipient, kind, at, organization_id) NULLS NOT DISTINCT;
CREATE INDEX message_event_by_time ON mail_server_messageevent
    (organization_id, at DESC, id DESC);
CREATE INDEX message_event_by_sender ON mail_server_messageevent
    (organization_id, sender varchar_pattern_ops, at);
CREATE INDEX message_event_by_recipient ON mail_server_messageevent
    (organization_id, recipient varchar_pattern_ops, at);
CREATE TABLE mail_server_messageevent_other PARTITION OF mail_server_messageevent DEFAULT;
"""
UNDO = "DROP TABLE mail_server_messageevent"


def make_first_partitions(apps, schema_editor):
    make_partitions()


class Migration(migrations.Migration):

    dependencies = [
        ('mail_server', '0005_scan_verdict'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLE, UNDO)],
            state_operations=[
                migrations.CreateModel(
                    name='MessageEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='time')),
                        ('kind', models.CharField(choices=[('received', 'Accepted'), ('filtered', 'Filtered'), ('delivered', 'Delivered'), ('deferred', 'Deferred'), ('refused', 'Refused')], max_length=16, verbose_name='status')),
                        ('direction', models.CharField(choices=[('in', 'Incoming'), ('out', 'Outgoing'), ('inside', 'Inside the organization')], max_length=16, verbose_name='direction')),
                        ('organization_id', models.BigIntegerField(null=True)),
                        ('queue_id', models.CharField(blank=True, max_length=32, verbose_name='queue ID')),
                        ('message_id', models.CharField(blank=True, max_length=998, verbose_name='Message-ID')),
                        ('sender', models.CharField(blank=True, max_length=254, verbose_name='envelope sender')),
                        ('recipient', models.CharField(blank=True, max_length=254, verbose_name='recipient')),
                        ('original_recipient', models.CharField(blank=True, max_length=254, verbose_name='written as')),
                        ('login', models.CharField(blank=True, max_length=254, verbose_name='signed in as')),
                        ('subject', models.CharField(blank=True, max_length=998, verbose_name='subject')),
                        ('size_bytes', models.BigIntegerField(default=0, verbose_name='size in bytes')),
                        ('client_ip', models.GenericIPAddressField(null=True, verbose_name='IP address')),
                        ('dsn', models.CharField(blank=True, max_length=16)),
                        ('relay', models.CharField(blank=True, max_length=255, verbose_name='next server')),
                        ('reason', models.TextField(blank=True, verbose_name='reply')),
                        ('recipient_account', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('sender_account', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'message event',
                        'verbose_name_plural': 'message events',
                    },
                ),
            ],
        ),
        migrations.RunPython(make_first_partitions, migrations.RunPython.noop),
        migrations.CreateModel(
            name='DailyVolume',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('organization_id', models.BigIntegerField()),
                ('sent', models.BigIntegerField(default=0, verbose_name='sent')),
                ('sent_bytes', models.BigIntegerField(default=0, verbose_name='sent, in bytes')),
                ('received', models.BigIntegerField(default=0, verbose_name='received')),
                ('received_bytes', models.BigIntegerField(default=0, verbose_name='received, in bytes')),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'daily mail volume',
                'verbose_name_plural': 'daily mail volumes',
                'indexes': [models.Index(fields=['organization_id', 'day'], name='daily_volume_by_day')],
                'constraints': [models.UniqueConstraint(fields=('organization_id', 'account', 'day'), name='daily_volume_once', nulls_distinct=False)],
            },
        ),
    ]
