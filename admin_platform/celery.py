"""The Celery application: a broker that only wakes workers; what must not be lost is a row."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "admin_platform.settings")

app = Celery("admin_platform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
