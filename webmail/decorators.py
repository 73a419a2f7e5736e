from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase

from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import member_only


def mailbox_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let members in who have a mailbox that may be used by web; tell the others."""

    @member_only
    @wraps(view)
    def guarded(request: ConsoleRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        mailbox = getattr(request.user, "mailbox", None)
        if mailbox is None or not mailbox.web_enabled:
            return render_page(request, "webmail/no_mailbox.html", {"mailbox": mailbox})
        return view(request, *args, **kwargs)

    return guarded
