from django.utils.translation import gettext_lazy as _

from admin_platform.menu import Entry, register

register(
    [
        Entry(
            code="departments",
            chapter="organization",
            label=_("Organization tree"),
            function="department.view",
            summary=_("Shape the department tree: create, rename, move and delete departments."),
            row="4.1",
            url_name="orgs:department-list",
            order=10,
        ),
        Entry(
            code="directory",
            chapter="addressbook",
            label=_("Directory"),
            function="directory.view",
            summary=_("Which address of each member the directory shows, and who sees it."),
            row="5.1",
            url_name="directory:list",
            order=10,
        ),
        Entry(
            code="contacts",
            chapter="addressbook",
            label=_("Shared contacts"),
            function="contact.view",
            summary=_("Contacts outside the organization, in groups, for all members."),
            row="5.2",
            url_name="contacts:contact-list",
            order=20,
        ),
    ]
)
