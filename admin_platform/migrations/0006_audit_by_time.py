from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("admin_platform", "0005_audit_seal")]

    operations = [
        migrations.RemoveIndex(model_name="auditrecord", name="audit_organization"),
        migrations.AddIndex(
            model_name="auditrecord",
            index=models.Index(fields=["organization_id", "-at", "-id"], name="audit_by_time"),
        ),
    ]
