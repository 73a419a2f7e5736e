"""The import's own addresses, below those of the accounts."""

from django.urls import path

from accounts.views import imports

app_name = "account-imports"
urlpatterns = [
    path("", imports.import_start, name="start"),
    path("template/", imports.import_template, name="template"),
    path("job/<int:pk>/", imports.import_of_job, name="of-job"),
    path("<int:pk>/", imports.import_detail, name="detail"),
    path("<int:pk>/confirm/", imports.import_confirm, name="confirm"),
    path("<int:pk>/recheck/", imports.import_recheck, name="recheck"),
    path("<int:pk>/discard/", imports.import_discard, name="discard"),
    path("<int:pk>/corrections/", imports.import_corrections, name="corrections"),
    path("<int:pk>/passwords/", imports.import_passwords, name="passwords"),
    path("<int:pk>/forget/", imports.import_forget, name="forget"),
]
