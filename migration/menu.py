from django.utils.translation import gettext_lazy as _

from admin_platform.menu import Entry, register

register(
    [
        Entry(
            code="migration",
            chapter="mail",
            label=_("Migration"),
            function="migration.view",
            summary=_("Bring the mail over from a former provider."),
            row="6.3",
            order=30,
        ),
    ]
)
