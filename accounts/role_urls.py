from django.urls import path

from accounts.views import roles

app_name = "roles"
urlpatterns = [
    path("", roles.role_list, name="role-list"),
    path("matrix/", roles.role_matrix, name="role-matrix"),
    path("create/", roles.role_create, name="role-create"),
    path("<int:pk>/", roles.role_detail, name="role-detail"),
    path("<int:pk>/edit/", roles.role_edit, name="role-edit"),
    path("<int:pk>/delete/", roles.role_delete, name="role-delete"),
]
