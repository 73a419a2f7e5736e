"""The request as our views see it, and the ids that come with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from accounts.models import Account
    from admin_platform.operator import Operator


class ConsoleRequest(HttpRequest):
    operator: Operator
    htmx: HtmxDetails
    user: Account


def plain_ids(values: Iterable[Any]) -> list[int]:
    """The ids among what a request or a form has for them."""
    texts = [str(getattr(value, "pk", value)) for value in values]
    return [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) < 19]
