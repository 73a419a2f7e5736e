"""The embedded SMTP servers: incoming mail, and submission by members who sign in.

aiosmtpd speaks the protocol; every answer comes from the policy and the queue, asked in
threads, for they wait for the database.
"""

from __future__ import annotations

import logging
from email.utils import formatdate, make_msgid
from functools import partial
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.conf import settings
from django.db.utils import Error as DatabaseError

from admin_platform.client_address import plain_address
from mail_server.embedded.cleaning import clean_client_name, is_usable
from mail_server.policy import (
    BAD_RECIPIENT,
    BAD_SENDER,
    SIGN_IN_FIRST,
    TOO_MANY_HOPS,
    Sender,
    Verdict,
    inside_sender,
)
from mail_server.services.delivery import deliver_message
from mail_server.services.queue import MailLoop, accept
from mail_server.services.refusals import admit_recipient, admit_sender, record_refusals
from mail_server.threads import in_thread
from security.choices import Protocol
from security.selectors.networks import mail_session_refused
from security.services.sign_in import sign_in

logger = logging.getLogger(__name__)

# RFC 5321, 4.5.3.1.8: a server takes at least 100.
MAX_RECIPIENTS = 1000
IDLE_SECONDS = 300
TRY_LATER = "451 4.3.0 Temporary failure, try again later"


class PlatformSession(Session):
    """A session with the sender of its present message; auth_data is an account's id.

    refused: name and password that were wrong. Clients send them again by the next mechanism
    that there is, which is one attempt of their user.
    """

    sender: Sender
    declared_size: int = 0
    refused: tuple[bytes, bytes] | None = None


class PlatformSMTP(SMTP):
    """One session's protocol; signing in asks our service, beside the event loop."""

    def _create_session(self) -> Session:
        return PlatformSession(self.loop)

    async def auth_PLAIN(self, _: Any, args: list[str]) -> AuthResult:
        return await self._decide(await super().auth_PLAIN(_, args))

    async def auth_LOGIN(self, _: Any, args: list[str]) -> AuthResult:
        return await self._decide(await super().auth_LOGIN(_, args))

    async def _decide(self, read: AuthResult) -> AuthResult:
        if not read.success:
            return read
        credentials = cast("LoginPassword", read.auth_data)
        session = cast("PlatformSession", self.session)
        if session.refused == (credentials.login, credentials.password):
            return AuthResult(success=False, handled=False)
        try:
            outcome = await in_thread(
                sign_in,
                address=credentials.login.decode("utf-8", "replace"),
                password=credentials.password.decode("utf-8", "replace"),
                protocol=Protocol.SMTP,
                ip=client_ip(self.session),
                client=str(getattr(self.session, "host_name", "") or ""),
            )
        except DatabaseError:
            logger.exception("Sign-in could not be decided")
            return AuthResult(success=False, handled=False, message="454 4.7.0 Try again later")
        if outcome.account is None:
            session.refused = (credentials.login, credentials.password)
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=outcome.account.pk)


def take_credentials(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    """Pass what was read on to PlatformSMTP, which decides beside the event loop."""
    return AuthResult(success=True, auth_data=data)


def client_ip(session: Session | None) -> str | None:
    return plain_address(session.peer[0]) if session and session.peer else None


def must_leave(session: Session) -> bool:
    """Whether a rule has come to refuse the account, or its network, since it signed in."""
    account_id = cast("int", session.auth_data)
    return mail_session_refused(account_id, Protocol.SMTP, client_ip(session))


class Gate:
    """aiosmtpd's handler: asks the policy at MAIL and RCPT, fills the queue at DATA."""

    def __init__(self, *, submission: bool) -> None:
        self.submission = submission

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, offered: list[str]
    ) -> list[str]:
        session.host_name = clean_client_name(name)
        if self.submission:
            return offered
        return [line for line in offered if not line[4:].startswith("AUTH")]

    async def handle_HELO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str
    ) -> str:
        session.host_name = clean_client_name(name)
        return f"250 {server.hostname}"

    async def handle_exception(self, error: Exception) -> str:
        """What nobody thought of: the client tries again, and learns nothing of our inside."""
        logger.error("An SMTP command failed", exc_info=error)
        return TRY_LATER

    async def handle_MAIL(
        self,
        server: SMTP,
        session: PlatformSession,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.submission and not session.authenticated:
            return str(SIGN_IN_FIRST)
        if not is_usable(address):
            return str(BAD_SENDER)
        # aiosmtpd names the null sender so, for "" means to it that there was no MAIL.
        envelope_sender = "" if address == "<>" else address.lower()
        try:
            if self.submission and await in_thread(must_leave, session):
                session.authenticated = False
                return str(SIGN_IN_FIRST)
            sender, verdict = await in_thread(self._meet, session, envelope_sender)
        except DatabaseError:
            return unavailable("MAIL")
        if not verdict.accepted:
            return str(verdict)
        envelope.mail_from, envelope.mail_options = address, options
        session.sender, session.declared_size = sender, declared_size(options)
        return str(verdict)

    def _meet(self, session: PlatformSession, address: str) -> tuple[Sender, Verdict]:
        ip = client_ip(session)
        if self.submission:
            sender = inside_sender(
                account_id=cast("int", session.auth_data), envelope=address, ip=ip
            )
        else:
            sender = Sender(envelope=address, ip=ip)
        return sender, admit_sender(sender)

    async def handle_RCPT(
        self,
        server: SMTP,
        session: PlatformSession,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if "@" not in address or not is_usable(address):
            return str(BAD_RECIPIENT)
        judge = partial(admit_recipient, session.sender, size_bytes=session.declared_size)
        try:
            verdict = await in_thread(judge, address.lower())
        except DatabaseError:
            return unavailable("RCPT")
        if verdict.accepted:
            envelope.rcpt_tos.append(address)
        return str(verdict)

    async def handle_DATA(self, server: SMTP, session: PlatformSession, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        traced = received_line(session, self.submission) + content
        if self.submission:
            traced = with_missing_headers(traced)
        try:
            queued = await in_thread(
                accept, traced, sender=session.sender, recipients=list(envelope.rcpt_tos)
            )
        except MailLoop:
            refused = dict.fromkeys(envelope.rcpt_tos, TOO_MANY_HOPS)
            await in_thread(record_refusals, session.sender, refused)
            return str(TOO_MANY_HOPS)
        except (DatabaseError, OSError):
            return unavailable("DATA")
        try:
            await in_thread(deliver_message, queued)
        except Exception:  # accepted all the same; the delivery loop goes on
            logger.exception("Could not deliver %s at once", queued.queue_id)
        return f"250 2.0.0 Ok: queued as {queued.queue_id}"


def unavailable(command: str) -> str:
    logger.exception("%s could not be answered", command)
    return TRY_LATER


def declared_size(options: list[str]) -> int:
    """SIZE= of MAIL FROM (RFC 1870), 0 without one."""
    for option in options:
        name, _, value = option.partition("=")
        if name.upper() == "SIZE" and value.isdigit():
            return int(value)
    return 0


def received_line(session: Session, submission: bool) -> bytes:
    """RFC 5321, 4.4, with the protocol names of RFC 3848."""
    protocol = "ESMTPA" if submission else "ESMTP"
    line = (
        f"Received: from {session.host_name or 'unknown'} ([{client_ip(session)}])\r\n"
        f"\tby {settings.MAIL_HOST_NAME} with {protocol};\r\n"
        f"\t{formatdate(localtime=True)}\r\n"
    )
    return line.encode("ascii", "replace")


def with_missing_headers(content: bytes) -> bytes:
    """Date and Message-ID where a client left them out (RFC 6409, 8)."""
    head = content.replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
    added = b""
    if b"\ndate:" not in head:
        added += f"Date: {formatdate(localtime=True)}\r\n".encode()
    if b"\nmessage-id:" not in head:
        added += f"Message-ID: {make_msgid(domain=settings.MAIL_HOST_NAME)}\r\n".encode()
    return added + content
