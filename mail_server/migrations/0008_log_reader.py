from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail_server', '0007_scan_verdict_age'),
    ]

    operations = [
        migrations.CreateModel(
            name='LoggedMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('queue_id', models.CharField(max_length=32, unique=True, verbose_name='queue ID')),
                ('client_ip', models.GenericIPAddressField(null=True, verbose_name='IP address')),
                ('login', models.CharField(blank=True, max_length=254, verbose_name='signed in as')),
                ('message_id', models.CharField(blank=True, max_length=998, verbose_name='Message-ID')),
                ('sender', models.CharField(blank=True, max_length=254, verbose_name='envelope sender')),
                ('subject', models.CharField(blank=True, max_length=998, verbose_name='subject')),
                ('size_bytes', models.BigIntegerField(default=0, verbose_name='size in bytes')),
                ('event_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField()),
                ('is_filtered', models.BooleanField(default=False)),
                ('is_removed', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'message in the queue of Postfix',
                'verbose_name_plural': 'messages in the queue of Postfix',
            },
        ),
        migrations.CreateModel(
            name='LogPosition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=255)),
                ('path', models.CharField(max_length=1024)),
                ('inode', models.BigIntegerField()),
                ('offset', models.BigIntegerField(default=0)),
                ('second', models.DateTimeField(null=True)),
                ('lines', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'place in a log',
                'verbose_name_plural': 'places in logs',
                'constraints': [models.UniqueConstraint(fields=('host', 'path'), name='log_position_once')],
            },
        ),
    ]
