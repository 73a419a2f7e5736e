from django.db import migrations, models

from security.choices import SignInResult

# An initial password was known to somebody else: until its owner has changed it in the
# browser, mail clients are refused it.
FUNCTION = """
CREATE OR REPLACE FUNCTION mp_credential_refusal(account_id bigint, protocol text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF $2 IN ('web', 'console') THEN
        RETURN NULL;
    END IF;
    IF mp_needs_app_password($1) THEN
        RETURN 'app_password';
    END IF;
    RETURN (
        SELECT CASE
            WHEN a.must_change_password THEN 'initial_password'
            WHEN r.expire_clients
                AND a.password_changed_at + r.expiry_days * interval '1 day' <= now()
            THEN 'password_expired' END
        FROM accounts_account a LEFT JOIN security_passwordrule r USING (organization_id)
        WHERE a.id = $1
    );
END
$$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION mp_credential_refusal(account_id bigint, protocol text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF $2 IN ('web', 'console') THEN
        RETURN NULL;
    END IF;
    IF mp_needs_app_password($1) THEN
        RETURN 'app_password';
    END IF;
    RETURN (
        SELECT 'password_expired'
        FROM accounts_account a JOIN security_passwordrule r USING (organization_id)
        WHERE a.id = $1 AND r.expire_clients
            AND a.password_changed_at + r.expiry_days * interval '1 day' <= now()
    );
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("security", "0012_client_functions")]

    operations = [
        migrations.AlterField(
            "signinrecord",
            "result",
            models.CharField("result", max_length=24, choices=SignInResult.choices),
        ),
        migrations.RunSQL(FUNCTION, UNDO),
    ]
