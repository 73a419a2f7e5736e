"""The welcome letter of an organization, and what its fields stand for."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from accounts.models import Account, Membership
from mail_server.mime import File
from notifications.models import WelcomeAttachment, WelcomeLetter
from notifications.welcome_text import DEFAULT_BODY, DEFAULT_SUBJECT


def welcome_letter_of(organization_id: int) -> WelcomeLetter:
    """The organization's letter; one that never wrote its own has the default, switched on."""
    letter, _made = WelcomeLetter.objects.select_related("organization").get_or_create(
        organization_id=organization_id,
        defaults={"subject": DEFAULT_SUBJECT, "body": DEFAULT_BODY},
    )
    return letter


def values_for(accounts: Iterable[Account]) -> dict[int, dict[str, str]]:
    """By account: what each field of the letter stands for. Accounts with their organization."""
    accounts = list(accounts)
    departments = dict(
        Membership.objects.filter(account__in=accounts, is_primary=True).values_list(
            "account_id", "department__name"
        )
    )
    webmail_url = settings.BASE_URL + reverse("sign-in")
    return {
        account.pk: {
            "name": account.name,
            "address": account.address,
            "organization": account.organization.name,
            "department": departments.get(account.pk, ""),
            "webmail_url": webmail_url,
        }
        for account in accounts
    }


def stored_files(letter: WelcomeLetter) -> list[File]:
    return [_read(attachment) for attachment in letter.attachments.all()]


def _read(attachment: WelcomeAttachment) -> File:
    with attachment.file.open("rb") as stored:
        return File(attachment.name, attachment.content_type, stored.read())
