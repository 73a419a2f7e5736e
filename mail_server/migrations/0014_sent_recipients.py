import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whether an account may write to one recipient more, who is then counted. The row of the
# hour is locked first: statements after it see what others counted who held it before.
FUNCTIONS = """
CREATE FUNCTION mp_take_recipient(account_id bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    this_hour timestamptz := date_trunc('hour', now());
    limits record;
BEGIN
    SELECT l.hourly, l.daily INTO limits
    FROM accounts_account a
    JOIN security_sendinglimit l ON l.organization_id = a.organization_id
    WHERE a.id = $1 AND coalesce(l.hourly, l.daily) IS NOT NULL;
    IF NOT FOUND THEN
        RETURN true;
    END IF;
    INSERT INTO mail_server_sentrecipients AS s (account_id, hour, count)
    VALUES ($1, this_hour, 0)
    ON CONFLICT ON CONSTRAINT sent_recipients_once DO UPDATE SET count = s.count;
    DELETE FROM mail_server_sentrecipients s
    WHERE s.account_id = $1 AND s.hour <= this_hour - interval '24 hours';
    UPDATE mail_server_sentrecipients s SET count = s.count + 1
    WHERE s.account_id = $1 AND s.hour = this_hour
        AND (limits.hourly IS NULL OR s.count < limits.hourly)
        AND (limits.daily IS NULL OR limits.daily > (
            SELECT sum(d.count) FROM mail_server_sentrecipients d WHERE d.account_id = $1));
    RETURN FOUND;
END
$$;
"""

UNDO = "DROP FUNCTION mp_take_recipient(bigint);"


class Migration(migrations.Migration):

    dependencies = [
        ('security', '0016_sending_limits'),
        ('mail_server', '0013_outcomes_of_accounts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SentRecipients',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField(verbose_name='hour')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='recipients')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sent recipients',
                'verbose_name_plural': 'sent recipients',
                'constraints': [models.UniqueConstraint(fields=('account', 'hour'), name='sent_recipients_once')],
            },
        ),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
