from django.urls import path

from webmail.views import home

app_name = "webmail"
urlpatterns = [path("", home.home, name="home")]
