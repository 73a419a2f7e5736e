from django.utils.translation import gettext_lazy as _

from admin_platform.menu import Entry, register

register(
    [
        Entry(
            code="accounts",
            chapter="organization",
            label=_("Accounts"),
            function="account.view",
            summary=_("Create, import, edit and move accounts, and change their status."),
            row="4.2",
            url_name="accounts:account-list",
            order=20,
        ),
        Entry(
            code="roles",
            chapter="permissions",
            label=_("Roles"),
            function="role.view",
            summary=_("What each role may do, and own roles."),
            row="8.1",
            url_name="roles:role-list",
            order=10,
        ),
        Entry(
            code="grants",
            chapter="permissions",
            label=_("Grants"),
            function="grant.view",
            summary=_("Who holds which role within which departments."),
            row="8.2",
            url_name="grants:grant-list",
            order=20,
        ),
    ]
)
