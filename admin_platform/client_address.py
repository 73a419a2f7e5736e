"""The address a request really comes from, seen through trusted proxies only."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """The last hop that is not one of TRUSTED_PROXIES; None where there is none (a test).

    X-Forwarded-For is read from its right end: what stands further left was written by
    whoever sent the request.
    """
    hop = request.META.get("REMOTE_ADDR") or None
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    while hop and forwarded and _is_trusted(hop):
        candidate = forwarded.pop().strip()
        if not _is_address(candidate):
            break
        hop = candidate
    return hop


def _is_trusted(address: str) -> bool:
    networks = [ip_network(entry, strict=False) for entry in settings.TRUSTED_PROXIES]
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
