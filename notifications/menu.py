from django.utils.translation import gettext_lazy as _

from admin_platform.menu import Entry, register

NOTIFICATION_MAILS = _("Notification mails")

register(
    [
        Entry(
            code="announcements",
            chapter="organization",
            label=_("Announcements"),
            function="announcement.view",
            summary=_("Announcements shown in the webmail of chosen departments."),
            row="4.3",
            order=30,
        ),
        Entry(
            code="welcome",
            chapter="mail",
            label=_("Welcome letter"),
            function="welcome.view",
            summary=_("The first letter that every new mailbox finds."),
            row="6.4.1",
            url_name="notifications:welcome",
            group=NOTIFICATION_MAILS,
            order=40,
        ),
        Entry(
            code="subscriptions",
            chapter="mail",
            label=_("Notices and subscriptions"),
            function="subscription.view",
            summary=_("Which mails the platform sends by itself, and to whom."),
            row="6.4.2",
            group=NOTIFICATION_MAILS,
            order=50,
        ),
    ]
)
