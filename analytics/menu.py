from django.utils.translation import gettext_lazy as _

from admin_platform.menu import Entry, register

register(
    [
        Entry(
            code="admin-log",
            chapter="analytics",
            label=_("Administrator log"),
            function="log.view",
            summary=_("What administrators changed, when and from where."),
            row="7.1",
            url_name="analytics:record-list",
            order=10,
        ),
        Entry(
            code="user-log",
            chapter="analytics",
            label=_("User log"),
            function="user_log.view",
            summary=_("What members changed in their own settings."),
            row="7.2",
            url_name="analytics:own-act-list",
            order=20,
        ),
        Entry(
            code="sign-in-log",
            chapter="analytics",
            label=_("Sign-in log"),
            function="signin_log.view",
            summary=_("Who signed in, how and from where."),
            row="7.3",
            url_name="analytics:sign-in-list",
            order=30,
        ),
        Entry(
            code="volume",
            chapter="analytics",
            label=_("Mail volume"),
            function="volume.view",
            summary=_("Mail sent and received, by organization and mailbox."),
            row="7.4",
            url_name="analytics:volume",
            order=40,
        ),
        Entry(
            code="trace",
            chapter="analytics",
            label=_("Message trace"),
            function="trace.view",
            summary=_("The way of every message, and why it was refused."),
            row="7.5",
            url_name="analytics:trace-list",
            order=50,
        ),
        Entry(
            code="reports",
            chapter="analytics",
            label=_("Monthly report"),
            function="report.view",
            summary=_("Sign-ins, storage and traffic of a month."),
            row="7.6",
            order=60,
        ),
    ]
)
