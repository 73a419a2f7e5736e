from django.urls import path

from accounts.views import notices

urlpatterns = [
    path("", notices.notice_list, name="notice-list"),
    path("<int:pk>/", notices.notice_detail, name="notice-detail"),
]
