from django.urls import path

from analytics.views import records

app_name = "analytics"
urlpatterns = [
    path("log/", records.record_list, name="record-list"),
    path("log/export/", records.record_export, name="record-export"),
    path("log/<int:pk>/", records.record_detail, name="record-detail"),
]
