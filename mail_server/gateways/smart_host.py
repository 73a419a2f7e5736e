"""Handing mail for the outside to the smart host of this installation."""

from __future__ import annotations

import smtplib

from django.conf import settings

TIMEOUT_SECONDS = 30


class SmartHostUnavailable(Exception):
    """Nobody answered, or answered 4xx: try again later. The text is the answer."""


class SmartHostRefused(Exception):
    """The answer was 5xx: this recipient will never get it. The text is the answer."""


def is_configured() -> bool:
    return bool(settings.SMART_HOST)


def send(content: bytes, *, envelope_sender: str, recipient: str) -> str:
    """Send one copy; the server's answer. Raises SmartHostUnavailable or SmartHostRefused."""
    host, _, port = settings.SMART_HOST.partition(":")
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=TIMEOUT_SECONDS) as session:
            session.ehlo(settings.MAIL_HOST_NAME)
            if settings.SMART_HOST_TLS:
                session.starttls()
                session.ehlo(settings.MAIL_HOST_NAME)
            if settings.SMART_HOST_USER:
                session.login(settings.SMART_HOST_USER, settings.SMART_HOST_PASSWORD)
            return _transmit(session, content, envelope_sender, recipient)
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise SmartHostUnavailable(str(error)) from error
    except smtplib.SMTPException as error:
        raise SmartHostUnavailable(str(error)) from error


def _transmit(session: smtplib.SMTP, content: bytes, envelope_sender: str, recipient: str) -> str:
    options = [f"size={len(content)}"]
    if not (envelope_sender + recipient).isascii():
        if not session.has_extn("smtputf8"):
            # RFC 6531, 3.5
            raise SmartHostRefused("550 5.6.7 The next server takes no such addresses")
        options.append("SMTPUTF8")
    code, answer = session.mail(envelope_sender, options)
    if code == 250:
        code, answer = session.rcpt(recipient)
    if code in (250, 251):
        code, answer = session.data(content)
    text = f"{code} {answer.decode(errors='replace')}"
    if code == 250:
        return text
    raise (SmartHostRefused if code >= 500 else SmartHostUnavailable)(text)
