from django.urls import path

from accounts.views import grants

app_name = "grants"
urlpatterns = [
    path("", grants.grant_list, name="grant-list"),
    path("create/", grants.grant_create, name="grant-create"),
    path("revoke/", grants.grant_revoke, name="grant-revoke"),
]
