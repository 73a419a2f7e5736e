"""The last sign-in, for the first lines of the home page (manual, 3①); what it recommends."""

from typing import Any

from django.utils.dateparse import parse_datetime

from admin_platform.client_address import client_ip
from admin_platform.home import register_feature, register_greeting
from admin_platform.http import ConsoleRequest


def last_sign_in(request: ConsoleRequest) -> dict[str, Any]:
    kept = request.session.get("previous_sign_in")
    if not kept:
        return {"last_sign_in": None}
    now = client_ip(request)
    return {
        "last_sign_in": {
            "at": parse_datetime(kept["at"]),
            "ip": kept["ip"],
            "ip_now": now,
            "differs": bool(kept["ip"]) and kept["ip"] != now,
        }
    }


register_greeting(last_sign_in)
register_feature("dmarc")
