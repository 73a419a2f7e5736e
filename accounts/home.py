"""Administrators, seats, storage and domains on the home page (manual, 3②), and the rest
of its desk: provider notices, unread first (3⑤), and the reseller (3④)."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Sum

from accounts.models import Account, Grant, Mailbox, NoticeReading
from accounts.presets import FULL_ADMINISTRATOR
from admin_platform.home import register_panel
from admin_platform.http import ConsoleRequest
from orgs.models import ProviderNotice
from orgs.selectors.organizations import domains_of, seats_used

SHOWN_ADMINISTRATORS = 3
SHOWN_NOTICES = 5


def organization_panel(request: ConsoleRequest) -> dict[str, Any]:
    organization = request.user.organization
    administrators = Grant.objects.filter(
        organization=organization, role__code=FULL_ADMINISTRATOR
    ).values("account")
    mailboxes = Mailbox.objects.filter(account__organization=organization)
    return {
        "organization": organization,
        "administrators": Account.objects.filter(pk__in=administrators)[:SHOWN_ADMINISTRATORS],
        "seats_used": seats_used(organization),
        "storage_used": mailboxes.aggregate(total=Sum("usage_bytes"))["total"] or 0,
        "domains": domains_of(organization).annotate(account_count=Count("accounts")),
    }


def notices_panel(request: ConsoleRequest) -> dict[str, Any]:
    read = NoticeReading.objects.filter(notice=OuterRef("pk"), reader=request.user)
    notices = ProviderNotice.objects.current().annotate(is_read=Exists(read))
    shown = list(notices.order_by("is_read", "-starts_at")[:SHOWN_NOTICES])
    return {"notices": shown} if shown else {}


def reseller_panel(request: ConsoleRequest) -> dict[str, Any]:
    reseller = request.user.organization.reseller
    return {"reseller": reseller} if reseller else {}


register_panel(10, "accounts/home/organization.html", organization_panel)
register_panel(20, "accounts/home/notices.html", notices_panel)
register_panel(30, "accounts/home/reseller.html", reseller_panel)
