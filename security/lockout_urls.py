from django.urls import path

from security.views import exemptions, lockouts

app_name = "lockouts"
urlpatterns = [
    path("", lockouts.lockout_list, name="list"),
    path("unlock/", lockouts.unlock, name="unlock"),
    path("settings/", lockouts.configure, name="configure"),
    path("allowed/", exemptions.exemption_list, name="exemptions"),
    path("allowed/create/", exemptions.exemption_create, name="exemption-create"),
    path("allowed/<int:pk>/delete/", exemptions.exemption_delete, name="exemption-delete"),
]
