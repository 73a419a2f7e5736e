from django.db import migrations, models

from admin_platform.pinyin import spelled

BATCH = 1000


def spell(apps, _schema_editor):
    Department = apps.get_model("orgs", "Department")
    departments = list(Department.objects.only("name"))
    for department in departments:
        department.pinyin = spelled(department.name)
    Department.objects.bulk_update(departments, ["pinyin"], batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0003_department_name_rule'),
    ]

    operations = [
        migrations.AddField(
            model_name='department',
            name='pinyin',
            field=models.CharField(blank=True, editable=False, max_length=320),
        ),
        migrations.RunPython(spell, migrations.RunPython.noop),
    ]
