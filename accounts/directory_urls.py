from django.urls import path

from accounts.views import directory

app_name = "directory"
urlpatterns = [
    path("", directory.directory_list, name="list"),
    path("switch/", directory.directory_switch, name="switch"),
    path("show/", directory.directory_show, name="show"),
    path("members/<int:pk>/", directory.directory_address, name="address"),
    path("members/<int:pk>/visibility/", directory.directory_toggle, name="toggle"),
    path("departments/<int:pk>/", directory.directory_close, name="close"),
]
