import django.utils.timezone
from django.db import migrations, models

TRIGGERS = """
CREATE TRIGGER audit_seal_no_change BEFORE UPDATE OR DELETE ON admin_platform_auditseal
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON admin_platform_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""

UNDO = """
DROP TRIGGER audit_seal_no_truncate ON admin_platform_auditseal;
DROP TRIGGER audit_seal_no_change ON admin_platform_auditseal;
"""


class Migration(migrations.Migration):
    dependencies = [("admin_platform", "0004_job_language")]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("record_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "seal of the administrator log",
                "verbose_name_plural": "seals of the administrator log",
            },
        ),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
