"""Letters to members whose password expires soon (manual, 9.1.2)."""

from __future__ import annotations

from datetime import datetime
from email.policy import SMTP
from html import escape

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Account
from admin_platform import jobs
from admin_platform.models import Job
from admin_platform.operator import Operator
from mail_server import mime
from mail_server.services.letters import MailboxFull, place_letter
from security.selectors.password_rules import password_expires_at

JOB_KIND = "notifications.password_warning"
CHUNK = 100


def queue_warnings(*, organization_id: int, account_ids: list[int]) -> None:
    jobs.enqueue(
        JOB_KIND,
        actor=Operator.system(organization_id=organization_id),
        params={"account_ids": account_ids},
        total=len(account_ids),
        organization_id=organization_id,
    )


def deliver_next_warnings(job: Job) -> bool:
    """The job's next chunk. Repeated after a crash, it finds its letters and counts them."""
    start = job.done + job.failed
    ids = job.params["account_ids"][start : start + CHUNK]
    accounts = Account.objects.filter(pk__in=ids, mailbox__isnull=False).select_related(
        "organization__password_rule", "domain", "mailbox"
    )
    job.done += sum(_warned(account, job) for account in accounts)
    # No mailbox, a full one, or a password that was changed meanwhile.
    job.failed = start + len(ids) - job.done
    return start + len(ids) < job.total


def _warned(account: Account, job: Job) -> bool:
    expires_at = password_expires_at(account)
    if expires_at is None or account.password_changed_at > job.created_at:
        return False
    key = f"password-expiry-{job.pk}-{account.pk}"
    try:
        place_letter(_letter(account, expires_at, key, job), mailbox=account.mailbox, key=key)
    except MailboxFull:
        return False
    return True


def _letter(account: Account, expires_at: datetime, key: str, job: Job) -> bytes:
    url = settings.BASE_URL + reverse("password-change")
    with timezone.override(account.organization.time_zone):
        moment = date_format(timezone.localtime(expires_at), "Y-m-d H:i")
    paragraphs = [
        _("Hello %(name)s,") % {"name": account.name},
        _("the password of your account %(address)s expires on %(moment)s.")
        % {"address": account.address, "moment": moment},
        _after_that(account),
        _("Change it here before: %(url)s") % {"url": url},
    ]
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    message = mime.compose(
        sender=mime.person(account.organization.brand, f"postmaster@{account.domain.name}"),
        to=[mime.person(account.name, account.address)],
        subject=_("Your password expires on %(moment)s") % {"moment": moment},
        text="\n\n".join(paragraphs),
        html=body.replace(escape(url), f'<a href="{escape(url)}">{escape(url)}</a>'),
        message_id=f"<{key}@{settings.MAIL_HOST_NAME}>",
        date=job.created_at,
    )
    # RFC 3834, 5: no vacation notice answers this.
    message["Auto-Submitted"] = "auto-generated"
    return message.as_bytes(policy=SMTP)


def _after_that(account: Account) -> str:
    if account.organization.password_rule.expire_clients:
        return _("After that, mail programs cannot sign in, and webmail asks for a new password.")
    return _("After that, webmail asks for a new password at your next visit.")
