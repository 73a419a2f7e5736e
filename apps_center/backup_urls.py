from django.urls import path

from apps_center.views import backup

app_name = "backup"
urlpatterns = [
    path("", backup.backup_list, name="list"),
    path("create/", backup.backup_create, name="create"),
    path("delete/", backup.backup_delete, name="delete"),
]
