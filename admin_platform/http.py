"""The request as our views see it, for the types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from accounts.models import Account
    from admin_platform.operator import Operator


class ConsoleRequest(HttpRequest):
    operator: Operator
    htmx: HtmxDetails
    user: Account
