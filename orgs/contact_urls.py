from django.urls import path

from orgs.views import contact_groups, contact_selection, contact_sheets, contacts

app_name = "contacts"
urlpatterns = [
    path("", contacts.contact_list, name="contact-list"),
    path("create/", contacts.contact_create, name="contact-create"),
    path("<int:pk>/edit/", contacts.contact_edit, name="contact-edit"),
    path("<int:pk>/order/", contacts.contact_order, name="contact-order"),
    path("move/", contact_selection.contact_move, name="contact-move"),
    path("delete/", contact_selection.contact_delete, name="contact-delete"),
    path("import/", contact_sheets.contact_import, name="contact-import"),
    path("import/template/", contact_sheets.contact_template, name="contact-template"),
    path("export/", contact_sheets.contact_export, name="contact-export"),
    path("groups/create/", contact_groups.group_create, name="group-create"),
    path("groups/<int:pk>/rename/", contact_groups.group_rename, name="group-rename"),
    path("groups/<int:pk>/shift/", contact_groups.group_shift, name="group-shift"),
    path("groups/<int:pk>/delete/", contact_groups.group_delete, name="group-delete"),
]
