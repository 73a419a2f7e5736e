from django.urls import path

from webmail.views import compose, directory, messages, own_readings

app_name = "webmail"
urlpatterns = [
    path("", messages.home, name="home"),
    path("body/", messages.body, name="body"),
    path("source/", messages.source, name="source"),
    path("attachments/<int:index>/", messages.attachment, name="attachment"),
    path("act/", messages.act, name="act"),
    path("folders/new/", messages.folder_create, name="folder-create"),
    path("folders/rename/", messages.folder_rename, name="folder-rename"),
    path("folders/delete/", messages.folder_delete, name="folder-delete"),
    path("compose/", compose.compose, name="compose"),
    path("people/", compose.people, name="people"),
    path("directory/", directory.directory, name="directory"),
    path("readings/", own_readings.own_readings, name="own-readings"),
]
