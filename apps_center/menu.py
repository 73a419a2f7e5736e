from django.utils.translation import gettext_lazy as _

from admin_platform.menu import Entry, register

MAIL_FAX = _("Mail fax")

register(
    [
        Entry(
            code="sms",
            chapter="apps",
            label=_("SMS notice"),
            function="sms.view",
            summary=_("A text message when new mail arrives."),
            row="10.1",
            order=10,
        ),
        Entry(
            code="im",
            chapter="apps",
            label=_("Company messenger"),
            function="im.view",
            summary=_("The organization tree in the company's messenger."),
            row="10.2",
            order=20,
        ),
        Entry(
            code="fax-seats",
            chapter="apps",
            label=_("Fax service"),
            function="fax.view",
            summary=_("How many fax numbers there are and are in use."),
            row="10.3.1",
            group=MAIL_FAX,
            order=30,
        ),
        Entry(
            code="fax-numbers",
            chapter="apps",
            label=_("Fax numbers"),
            function="fax.view",
            summary=_("Pick fax numbers and bind them to mailboxes."),
            row="10.3.2",
            group=MAIL_FAX,
            order=40,
        ),
        Entry(
            code="fax-volume",
            chapter="apps",
            label=_("Fax volume"),
            function="fax.view",
            summary=_("Pages sent and received."),
            row="10.3.3",
            group=MAIL_FAX,
            order=50,
        ),
        Entry(
            code="mobile-app",
            chapter="apps",
            label=_("Mobile mail app"),
            function="mobile_app.view",
            summary=_("The start picture of the mobile mail app."),
            row="10.4",
            order=60,
        ),
        Entry(
            code="backup",
            chapter="apps",
            label=_("Self-backup"),
            function="backup.view",
            summary=_("Copies of all mail of chosen mailboxes in another one."),
            row="10.5",
            url_name="backup:list",
            order=70,
        ),
        Entry(
            code="office",
            chapter="apps",
            label=_("My Office 365"),
            function="office.view",
            summary=_("Office seats bought and assigned."),
            row="10.6",
            order=80,
        ),
    ]
)
