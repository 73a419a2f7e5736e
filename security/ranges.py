"""Ranges of IP addresses as people write them: one address, CIDR, from–to, 192.168.1.*."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv6Address,
    ip_address,
    ip_network,
    summarize_address_range,
)

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Address = IPv4Address | IPv6Address

_FROM_TO = re.compile(r"\s*[-–—~～至]\s*")
_WILDCARDS = re.compile(r"\d+(?:\.\d+){0,2}(?:\.\*){1,3}")


@dataclass(frozen=True, slots=True)
class AddressRange:
    """From first to last, both included; of one family, never an IPv4 address mapped to IPv6."""

    first: Address
    last: Address

    @classmethod
    def parse(cls, text: str) -> AddressRange:
        """Raises ValidationError with a text that says what is wrong with this one."""
        text = text.strip()
        ends = _FROM_TO.split(text)
        if len(ends) == 2:
            first, last = _address(ends[0], text), _address(ends[1], text)
            return cls._checked(first, last, text)
        if _WILDCARDS.fullmatch(text):
            return cls._checked(
                _address(text.replace("*", "0"), text),
                _address(text.replace("*", "255"), text),
                text,
            )
        if "/" in text:
            return cls._of_network(text)
        only = _address(text, text)
        return cls(only, only)

    @classmethod
    def _of_network(cls, text: str) -> AddressRange:
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            raise _unreadable(text) from None
        if ip_address(text.partition("/")[0]) != network.network_address:
            raise ValidationError(
                _("“%(text)s” is not the start of a network. Do you mean %(network)s?")
                % {"text": text, "network": network}
            )
        return cls(_plain(network[0]), _plain(network[-1]))

    @classmethod
    def _checked(cls, first: Address, last: Address, text: str) -> AddressRange:
        if first.version != last.version:
            raise ValidationError(
                _("“%(text)s” mixes IPv4 and IPv6. Enter two ranges.") % {"text": text}
            )
        if int(first) > int(last):
            raise ValidationError(
                _("“%(text)s” ends before it begins. Exchange the two addresses.") % {"text": text}
            )
        return cls(first, last)

    @property
    def size(self) -> int:
        """How many addresses it has; the smaller range is the more specific one."""
        return int(self.last) - int(self.first) + 1

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first)
        networks = list(summarize_address_range(self.first, self.last))
        return str(networks[0]) if len(networks) == 1 else f"{self.first}–{self.last}"


def _address(text: str, whole: str) -> Address:
    try:
        return _plain(ip_address(text.strip()))
    except ValueError:
        raise _unreadable(whole) from None


def _plain(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _unreadable(text: str) -> ValidationError:
    return ValidationError(
        _("“%(text)s” is no IP address or range. Write it like 203.0.113.7 or 10.0.0.0/8.")
        % {"text": text[:60]}
    )
