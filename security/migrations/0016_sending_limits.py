import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0004_department_pinyin'),
        ('security', '0015_spam_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='SendingLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hourly', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000)], verbose_name='recipients an hour')),
                ('daily', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000)], verbose_name='recipients a day')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                ('organization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sending_limit', to='orgs.organization')),
            ],
            options={
                'verbose_name': 'sending limit',
                'verbose_name_plural': 'sending limits',
            },
        ),
    ]
