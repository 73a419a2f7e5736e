"""Signing in with the password alone (manual, 3③: 登录验证)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from admin_platform.http import ConsoleRequest
from admin_platform.reminders import Reminder, register
from security.selectors.sign_in_rules import has_second_factor


@register
def second_factor(request: ConsoleRequest) -> Iterator[Reminder]:
    if not has_second_factor(request.user):
        yield Reminder(
            "mid",
            "shield",
            _("Your account has no second factor"),
            _("Whoever learns your password can administer the organization in your name."),
            reverse("second-factor"),
            _("Set up"),
        )
