"""A log that was tampered with (manual, 3③ and 7.1)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from admin_platform.audit_chain import last_check
from admin_platform.http import ConsoleRequest
from admin_platform.reminders import Reminder, register


@register
def tampered_log(request: ConsoleRequest) -> Iterator[Reminder]:
    if not request.operator.can("log.view"):
        return
    check = last_check()
    if check is not None and check.fault:
        yield Reminder(
            "bad",
            "error",
            _("The administrator log was tampered with"),
            _("Record %(id)s is the first that is not in order.") % {"id": check.record_id},
            reverse("analytics:chain"),
            _("View"),
        )
