import django.utils.timezone
from django.db import migrations, models

TRIGGERS = """
CREATE TRIGGER audit_check_no_change BEFORE UPDATE OR DELETE ON admin_platform_auditcheck
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_check_no_truncate BEFORE TRUNCATE ON admin_platform_auditcheck
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""

UNDO = """
DROP TRIGGER audit_check_no_truncate ON admin_platform_auditcheck;
DROP TRIGGER audit_check_no_change ON admin_platform_auditcheck;
"""


class Migration(migrations.Migration):
    dependencies = [("admin_platform", "0006_audit_by_time")]

    operations = [
        migrations.CreateModel(
            name="AuditCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="time")),
                ("checked", models.BigIntegerField()),
                ("head", models.CharField(blank=True, max_length=96)),
                ("fault", models.CharField(blank=True, max_length=16)),
                ("record_id", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "check of the administrator log",
                "verbose_name_plural": "checks of the administrator log",
            },
        ),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
