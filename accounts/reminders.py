"""Seats, mailboxes and accounts that need somebody (manual, 3③)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.selectors.attention import accounts_needing_attention
from admin_platform.http import ConsoleRequest
from admin_platform.reminders import Reminder, register
from orgs.selectors.organizations import seats_used

SEATS_WARNING_PERCENT = 95


@register
def seats(request: ConsoleRequest) -> Iterator[Reminder]:
    organization = request.user.organization
    used, seats = seats_used(organization), organization.seats
    if not request.operator.can("account.create") or used * 100 < seats * SEATS_WARNING_PERCENT:
        return
    left = max(0, seats - used)
    text = ngettext("One seat is left", "%(n)s seats are left", left) % {"n": left}
    yield Reminder(
        "mid" if left else "bad",
        "users",
        text if left else _("All seats are taken"),
        _("%(used)s of %(seats)s seats are used; ask your service provider for more.")
        % {"used": used, "seats": seats},
    )


@register
def accounts(request: ConsoleRequest) -> Iterator[Reminder]:
    if not request.operator.can("account.view"):
        return
    found = accounts_needing_attention(request.operator.at("account.view"))
    if found.near_full:
        text = ngettext(
            "One mailbox is nearly full", "%(n)s mailboxes are nearly full", found.near_full
        )
        detail = _("A full mailbox refuses mail.")
        url = f"{reverse('accounts:account-list')}?sort=-usage"
        yield Reminder("mid", "inbox", text % {"n": found.near_full}, detail, url, _("Show"))
    if found.expiring:
        text = ngettext(
            "One account expires within a week",
            "%(n)s accounts expire within a week",
            found.expiring,
        )
        url = f"{reverse('accounts:account-list')}?status=expiring"
        yield Reminder("mid", "clock", text % {"n": found.expiring}, "", url, _("Show"))


@register
def own_mobile(request: ConsoleRequest) -> Iterator[Reminder]:
    if not request.user.mobile:
        yield Reminder(
            "low",
            "phone",
            _("Your account has no mobile number"),
            _("An administrator can enter it on the page of the account."),
        )
