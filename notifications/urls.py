from django.urls import path

from notifications.views import welcome

app_name = "notifications"
urlpatterns = [
    path("welcome/", welcome.welcome, name="welcome"),
    path("welcome/save/", welcome.save, name="welcome-save"),
    path("welcome/preview/", welcome.preview, name="welcome-preview"),
    path("welcome/test/", welcome.test, name="welcome-test"),
    path("welcome/attachments/<int:pk>/", welcome.attachment, name="welcome-attachment"),
]
