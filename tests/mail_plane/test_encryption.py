"""No password goes over the wire in the open, nor by a protocol that was broken."""

import base64
import imaplib
import smtplib
import ssl

import pytest

from mail_server.plane.certificates import make_certificate
from mail_server.plane.config import plane_config
from tests.factories.accounts import PASSWORD, AccountFactory
from tests.mail_plane.letters import real_only

# Python, too, has its opinion of the protocol that is to be refused.
pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")

# Some say so, some only hang up.
REFUSED = r"PROTOCOL_VERSION|UNEXPECTED_EOF"


@pytest.fixture
def submission(plane, settings, tmp_path, transactional_db):
    """A session that is not encrypted yet. The embedded server is given a certificate."""
    settings.SMTP_TLS_CERT = settings.SMTP_TLS_KEY = ""
    key, certificate = make_certificate(plane_config(tmp_path))
    settings.SMTP_TLS_CERT, settings.SMTP_TLS_KEY = str(certificate), str(key)
    with smtplib.SMTP("127.0.0.1", plane.ports["submission"], timeout=60) as session:
        session.ehlo()
        yield session


def old_tls():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # Else our own side would be the one that refuses.
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def test_submission_takes_no_password_in_the_open(submission):
    account = AccountFactory()
    shown = base64.b64encode(f"\0{account.address}\0{PASSWORD}".encode()).decode()

    code, _text = submission.docmd("AUTH", f"PLAIN {shown}")

    assert not submission.has_extn("auth")
    assert 500 <= code < 600
    assert submission.mail(account.address)[0] == 530


def test_submission_takes_no_old_tls(submission):
    with pytest.raises(ssl.SSLError, match=REFUSED):
        submission.starttls(context=old_tls())


@real_only
def test_imap_takes_no_old_tls(plane):
    session = imaplib.IMAP4("127.0.0.1", plane.ports["imap"])

    with pytest.raises(ssl.SSLError, match=REFUSED):
        session.starttls(old_tls())
