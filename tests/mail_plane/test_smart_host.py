"""A smart host that takes mail only encrypted, and from who signs in."""

import ssl

import pytest
from aiosmtpd.smtp import AuthResult

from mail_server.plane.certificates import make_certificate
from mail_server.plane.config import plane_config
from tests.factories.accounts import AccountFactory
from tests.mail_server.conftest import letter, send
from tests.mail_server.sink import Sink, listening

USER, PASSWORD = b"company@provider.example", b"a pass:word #1"


def decide(_server, _session, _envelope, _mechanism, shown):
    # A wrong one is told to come again later, as by providers whose own house is in disorder.
    is_right = (shown.login, shown.password) == (USER, PASSWORD)
    return AuthResult(success=is_right, handled=False)


@pytest.fixture
def guarded(settings, tmp_path):
    """Settings of a smart host, and what it has taken."""
    settings.SMTP_TLS_CERT = settings.SMTP_TLS_KEY = ""
    key, certificate = make_certificate(plane_config(tmp_path))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    guarded = Sink()
    with listening(
        guarded,
        authenticator=decide,
        auth_required=True,
        require_starttls=True,
        tls_context=context,
    ) as address:
        told = {"SMART_HOST": address, "SMART_HOST_USER": USER.decode(), "SMART_HOST_TLS": True}
        yield told, guarded.received


def send_out(smtp):
    account = AccountFactory()
    send(
        smtp(account), account.address, "x@outside.example", message=letter(sender=account.address)
    )


def test_mail_goes_out_encrypted_by_who_signs_in(plane, smtp, guarded):
    told, received = guarded
    with plane.settings(**told, SMART_HOST_PASSWORD=PASSWORD.decode()):
        send_out(smtp)
        plane.settle()

    assert [recipients for _sender, recipients, _content in received] == [["x@outside.example"]]


def test_mail_waits_for_the_right_password(plane, smtp, guarded):
    told, received = guarded
    with plane.settings(**told, SMART_HOST_PASSWORD="wrong"):
        send_out(smtp)
        plane.settle()
    assert received == []

    with plane.settings(**told, SMART_HOST_PASSWORD=PASSWORD.decode()):
        plane.try_again()

    assert len(received) == 1
