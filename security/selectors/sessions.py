"""Browsers that are signed in to an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from admin_platform.paging import Page, capped_total, keyset_page
from security.models import MemberSession
from security.selectors.sign_in_rules import sign_in_rule_of

# In this order: Edge calls itself Chrome too, and Chrome Safari.
BROWSERS = ("Edg", "OPR", "MicroMessenger", "Firefox", "Chrome", "Safari")
BROWSER_NAMES = {"Edg": "Edge", "OPR": "Opera", "MicroMessenger": "WeChat"}
SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS X", "Linux")
SYSTEM_NAMES = {"Mac OS X": "macOS"}


def live_sessions(account: Account) -> QuerySet[MemberSession]:
    """Those that are not over, though nothing may have noticed yet that others are."""
    rule, now = sign_in_rule_of(account.organization), timezone.now()
    live = MemberSession.objects.filter(
        account=account,
        expire_date__gt=now,
        started_at__gt=now - timedelta(hours=rule.session_hours),
    )
    if rule.idle_minutes is not None:
        live = live.filter(last_seen_at__gt=now - timedelta(minutes=rule.idle_minutes))
    return live


def session_page(account: Account, cursors: Mapping[str, str]) -> Page[MemberSession]:
    """Those used last come first."""
    live = live_sessions(account)
    return keyset_page(
        live,
        key="last_seen_at",
        rows=MemberSession.objects.defer("session_data", "session_key"),
        cursors=cursors,
        descending=True,
        total=lambda: capped_total(live),
    )


def device_of(client: str) -> str:
    """What a person calls it: "Chrome, Windows"."""
    browser = next((name for name in BROWSERS if f"{name}/" in client), "")
    system = next((name for name in SYSTEMS if name in client), "")
    names = [BROWSER_NAMES.get(browser, browser), SYSTEM_NAMES.get(system, system)]
    return ", ".join(name for name in names if name) or _("Unknown device")
