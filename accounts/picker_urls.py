from django.urls import path

from accounts.views import pickers

app_name = "pickers"
urlpatterns = [path("accounts/", pickers.account_picker, name="accounts")]
