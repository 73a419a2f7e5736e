from django.urls import path

from orgs.views import departments, edits, moves, sheets, tree

app_name = "orgs"
urlpatterns = [
    path("", departments.department_list, name="department-list"),
    path("<int:pk>/", departments.department_detail, name="department-detail"),
    path("<int:pk>/create/", edits.department_create, name="department-create"),
    path("<int:pk>/edit/", edits.department_edit, name="department-edit"),
    path("<int:pk>/delete/", edits.department_delete, name="department-delete"),
    path("<int:pk>/move/", moves.department_move, name="department-move"),
    path("<int:pk>/drop/", moves.department_drop, name="department-drop"),
    path("<int:pk>/shift/", moves.department_shift, name="department-shift"),
    path("<int:pk>/children/", tree.tree_children, name="tree-children"),
    path("<int:pk>/toggle/", tree.tree_toggle, name="tree-toggle"),
    path("import/", sheets.department_import, name="department-import"),
    path("import/template/", sheets.department_template, name="department-template"),
    path("export/", sheets.department_export, name="department-export"),
    path("search/", tree.tree_search, name="tree-search"),
]
