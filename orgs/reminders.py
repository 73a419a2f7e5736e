"""Domains whose mail does not arrive, and a service that ends (manual, 3③)."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admin_platform.http import ConsoleRequest
from admin_platform.reminders import Reminder, register
from orgs.models import Domain

SERVICE_END_WARNING_DAYS = 30


@register
def domains_without_mx(request: ConsoleRequest) -> Iterator[Reminder]:
    for domain in request.user.organization.domains.filter(mx_state=Domain.MxState.WRONG):
        yield Reminder(
            "bad",
            "alert",
            _("The MX record of %(domain)s does not lead here") % {"domain": domain.name},
            _("Mail from outside is returned to its senders."),
        )


@register
def service_that_ends(request: ConsoleRequest) -> Iterator[Reminder]:
    until = request.user.organization.service_until
    if until is None:
        return
    days = (until - timezone.localdate()).days
    if days > SERVICE_END_WARNING_DAYS:
        return
    if days < 0:
        yield Reminder("bad", "calendar", _("The service has ended"), _("Since %s") % until)
        return
    text = ngettext("The service ends in one day", "The service ends in %(n)s days", days)
    yield Reminder("mid", "calendar", text % {"n": days}, _("Until %s") % until)
