"""Administrators, seats, storage and domains on the home page (manual, 3②), and the rest
of its desk: provider notices, unread first (3⑤), and the reseller (3④)."""

from typing import Any

from accounts.selectors.notices import notices_for
from accounts.selectors.organizations import full_administrators, usage_of
from admin_platform.home import register_panel
from admin_platform.http import ConsoleRequest
from orgs.selectors.organizations import domains_of, seats_used

SHOWN_ADMINISTRATORS = 3
SHOWN_NOTICES = 5


def organization_panel(request: ConsoleRequest) -> dict[str, Any]:
    organization = request.user.organization
    usage = usage_of(organization)
    administrators = list(full_administrators(organization)[: SHOWN_ADMINISTRATORS + 1])
    return {
        "organization": organization,
        "administrators": administrators[:SHOWN_ADMINISTRATORS],
        "has_more_administrators": len(administrators) > SHOWN_ADMINISTRATORS,
        "seats_used": seats_used(organization),
        "storage_used": usage.storage_bytes,
        "domains": [
            (domain, usage.accounts.get(domain.pk, 0)) for domain in domains_of(organization)
        ],
    }


def notices_panel(request: ConsoleRequest) -> dict[str, Any]:
    notices = list(notices_for(request.user)[: SHOWN_NOTICES + 1])
    if not notices:
        return {}
    return {"notices": notices[:SHOWN_NOTICES], "has_more": len(notices) > SHOWN_NOTICES}


def reseller_panel(request: ConsoleRequest) -> dict[str, Any]:
    reseller = request.user.organization.reseller
    return {"reseller": reseller} if reseller else {}


register_panel(10, "accounts/home/organization.html", organization_panel)
register_panel(20, "accounts/home/notices.html", notices_panel)
register_panel(30, "accounts/home/reseller.html", reseller_panel)
