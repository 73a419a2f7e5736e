"""All addresses of the platform (design: addresses). Each app keeps its own below."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("staff/", admin.site.urls),
]
