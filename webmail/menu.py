from django.utils.translation import gettext_lazy as _

from admin_platform.menu import Entry, register

WEBMAIL_SETTINGS = _("WebMail settings")

register(
    [
        Entry(
            code="login-pages",
            chapter="mail",
            label=_("Sign-in page"),
            function="branding.view",
            summary=_("Your own sign-in page for each domain."),
            row="6.6.1",
            group=WEBMAIL_SETTINGS,
            order=90,
        ),
        Entry(
            code="mail-addresses",
            chapter="mail",
            label=_("Mail addresses"),
            function="branding.view",
            summary=_("Links, logo and where signing out leads."),
            row="6.6.2",
            group=WEBMAIL_SETTINGS,
            order=100,
        ),
        Entry(
            code="footers",
            chapter="mail",
            label=_("Footer"),
            function="branding.view",
            summary=_("A common footer below the mail of all members."),
            row="6.6.3",
            group=WEBMAIL_SETTINGS,
            order=110,
        ),
    ]
)
