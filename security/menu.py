from django.utils.translation import gettext_lazy as _

from admin_platform.menu import Entry, register

MAIL_SECURITY = _("Mail security")
PASSWORDS = _("Passwords")
SIGN_IN = _("Sign-in")

register(
    [
        Entry(
            code="dmarc",
            chapter="mail",
            label=_("DMARC protection"),
            function="dmarc.view",
            summary=_("Keep others from forging mail of your own domains."),
            row="6.5.1",
            group=MAIL_SECURITY,
            order=60,
        ),
        Entry(
            code="antispam",
            chapter="mail",
            label=_("Anti-spam"),
            function="antispam.view",
            summary=_("What counts as spam, and what becomes of it."),
            row="6.5.2",
            group=MAIL_SECURITY,
            order=70,
        ),
        Entry(
            code="antivirus",
            chapter="mail",
            label=_("Antivirus"),
            function="antivirus.view",
            summary=_("What becomes of mail that carries a virus."),
            row="6.5.3",
            group=MAIL_SECURITY,
            order=80,
        ),
        Entry(
            code="own-password",
            chapter="security",
            label=_("Own password"),
            function="account.view",
            summary=_("Change the password you sign in with."),
            row="9.1.1",
            group=PASSWORDS,
            url_name="password-change",
            order=10,
        ),
        Entry(
            code="password-rules",
            chapter="security",
            label=_("Password rules"),
            function="password_rule.view",
            summary=_("How strong passwords must be, and how often they change."),
            row="9.1.2",
            group=PASSWORDS,
            url_name="password-rules",
            order=20,
        ),
        Entry(
            code="ip-rules",
            chapter="security",
            label=_("Sign-in by IP address"),
            function="ip_rule.view",
            summary=_("From which networks members may sign in."),
            row="9.2.1",
            group=SIGN_IN,
            url_name="ip-rules:list",
            order=30,
        ),
        Entry(
            code="lockouts",
            chapter="security",
            label=_("Locked accounts"),
            function="lockout.view",
            summary=_("Accounts locked after wrong passwords, and unlocking them."),
            row="9.2.2",
            group=SIGN_IN,
            url_name="lockouts:list",
            order=40,
        ),
        Entry(
            code="sign-in-rules",
            chapter="security",
            label=_("Second factor and sessions"),
            function="sign_in_rule.view",
            summary=_("Who needs a second factor, and how long sessions last."),
            row="2.3",
            group=SIGN_IN,
            url_name="sign-in-rules",
            order=50,
        ),
        Entry(
            code="member-security",
            chapter="security",
            label=_("Members’ sign-in security"),
            function="member_security.view",
            summary=_("Who has a second factor, and where members are signed in."),
            row="2.3",
            group=SIGN_IN,
            url_name="member-security",
            order=60,
        ),
    ]
)
