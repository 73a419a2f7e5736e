"""What the tests of both mail planes say and understand alike."""

import ipaddress
import re
import ssl
from email.policy import SMTP
from email.utils import localtime, make_msgid

import pytest

from tests.factories.accounts import AccountFactory

OUTSIDER = "friend@elsewhere.example"
# Postfix says which address it speaks of, and which part of the envelope that is.
_POSTFIX = re.compile(r"<[^>]*>: (?:(?:Recipient|Sender) address rejected: )?")


# The certificate of the tests is self-made: encryption is wanted of it, no name.
TLS = ssl.create_default_context()
TLS.check_hostname, TLS.verify_mode = False, ssl.CERT_NONE


def encrypt(session):
    """EHLO, and STARTTLS where it is offered."""
    session.ehlo()
    if session.has_extn("starttls"):
        session.starttls(context=TLS)
        session.ehlo()


def meaning(answer):
    """An SMTP answer (code, text) without what Postfix puts around our own words."""
    code, text = answer
    text = text.decode() if isinstance(text, bytes) else text
    return code, _POSTFIX.sub("", text, count=1)


def from_outside(session, ip="192.0.2.10", name="mx.elsewhere.example"):
    """The session, as if opened from another host: what comes from here is not looked at."""
    assert session.docmd("XCLIENT", f"ADDR={ip} NAME={name}")[0] == 220
    session.ehlo()
    return session


def publish_outside(zone, ip="192.0.2.10", name="mx.elsewhere.example"):
    """What a decent host has in the names of the world, so that only its mail is judged."""
    for known in (name, "elsewhere.example", "client.example"):
        zone.publish(known, "A", ip)
    zone.publish("elsewhere.example", "MX", f"10 {name}.")
    zone.publish(ipaddress.ip_address(ip).reverse_pointer, "PTR", f"{name}.")


def dated(message):
    """The message with the headers that any mail client writes."""
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain="elsewhere.example")
    return message


def hand_in(session, sender, recipient, message):
    """The answer (code, text) to the message itself."""
    assert session.mail(sender)[0] == 250
    assert session.rcpt(recipient)[0] == 250
    code, text = session.data(message.as_bytes(policy=SMTP))
    return code, text.decode()


def colleague_of(account, **fields):
    return AccountFactory(organization=account.organization, domain=account.domain, **fields)


# For what only Postfix and Dovecot have.
real_only = pytest.mark.parametrize("plane", ["real"], indirect=True)
