"""The address a request really comes from, seen through trusted proxies only."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """The last hop that is not one of TRUSTED_PROXIES; None where there is none (a test).

    X-Forwarded-For is read from its right end: what stands further left was written by
    whoever sent the request.
    """
    hop = plain_address(request.META.get("REMOTE_ADDR"))
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    while hop and forwarded and _is_trusted(hop):
        candidate = plain_address(forwarded.pop().strip())
        if candidate is None:
            break
        hop = candidate
    return hop


def plain_address(text: str | None) -> str | None:
    """The address as rules and records know it; None for what is no address.

    A socket for both families gives IPv4 as ::ffff:192.0.2.1 (RFC 4291, 2.5.5.2) and adds
    a zone to link-local addresses (RFC 4007, 11): rules for the plain address would miss.
    """
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _is_trusted(address: str) -> bool:
    networks = [ip_network(entry, strict=False) for entry in settings.TRUSTED_PROXIES]
    return any(ip_address(address) in network for network in networks)
