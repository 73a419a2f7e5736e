from django.urls import path

from accounts.views import account_detail, account_forms

app_name = "accounts"
urlpatterns = [
    path("create/", account_forms.account_create, name="account-create"),
    path("departments/", account_forms.account_departments, name="account-departments"),
    path("<int:pk>/", account_detail.account_detail, name="account-detail"),
]
