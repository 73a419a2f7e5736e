from django.utils.translation import gettext_lazy as _

from admin_platform.menu import Entry, register

register(
    [
        Entry(
            code="mass-mail",
            chapter="mail",
            label=_("Mass mailing"),
            function="massmail.view",
            summary=_("One letter to chosen departments, with its delivery followed."),
            row="6.1",
            order=10,
        ),
        Entry(
            code="lists",
            chapter="mail",
            label=_("Mailing lists"),
            function="list.view",
            summary=_("Addresses that deliver to their members, and who may write to them."),
            row="6.2",
            order=20,
        ),
    ]
)
