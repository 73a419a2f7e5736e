from django.urls import path

from orgs.views import departments, tree

app_name = "orgs"
urlpatterns = [
    path("", departments.department_list, name="department-list"),
    path("<int:pk>/", departments.department_detail, name="department-detail"),
    path("<int:pk>/children/", tree.tree_children, name="tree-children"),
    path("<int:pk>/toggle/", tree.tree_toggle, name="tree-toggle"),
    path("search/", tree.tree_search, name="tree-search"),
]
