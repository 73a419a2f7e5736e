"""Reading a member's mail as an administrator: addresses of the console."""

from django.urls import path

from webmail.views import readings

app_name = "readings"
urlpatterns = [
    path("<int:pk>/", readings.reading_open, name="open"),
    path("<int:pk>/mailbox/", readings.mailbox, name="mailbox"),
    path("<int:pk>/body/", readings.body, name="body"),
    path("<int:pk>/attachments/<int:index>/", readings.attachment, name="attachment"),
    path("<int:pk>/end/", readings.reading_end, name="end"),
]
