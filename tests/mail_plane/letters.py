"""What the tests of both mail planes say and understand alike."""

import re
import ssl

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


def colleague_of(account, **fields):
    return AccountFactory(organization=account.organization, domain=account.domain, **fields)


# For what only Postfix and Dovecot have.
real_only = pytest.mark.parametrize("plane", ["real"], indirect=True)
