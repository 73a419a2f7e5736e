from django.urls import path

from accounts.views import (
    account_detail,
    account_forms,
    account_list,
    account_passwords,
    bulk,
    deletion,
)

app_name = "accounts"
urlpatterns = [
    path("", account_list.account_list, name="account-list"),
    path("columns/", account_list.account_columns, name="account-columns"),
    path("export/", account_list.account_export, name="account-export"),
    path("move/", bulk.account_move, name="account-move"),
    path("change/", bulk.account_bulk_edit, name="account-bulk-edit"),
    path("status/", bulk.account_status, name="account-status"),
    path("delete/", deletion.account_delete, name="account-delete"),
    path("deleted/", deletion.deleted_list, name="deleted-list"),
    path("deleted/restore/", deletion.account_restore, name="account-restore"),
    path("deleted/purge/", deletion.account_purge, name="account-purge"),
    path("create/", account_forms.account_create, name="account-create"),
    path("departments/", account_forms.account_departments, name="account-departments"),
    path("<int:pk>/", account_detail.account_detail, name="account-detail"),
    path("<int:pk>/edit/", account_forms.account_edit, name="account-edit"),
    path("<int:pk>/password/", account_passwords.account_password, name="account-password"),
]
