"""Running the embedded mail server: two listeners and the delivery loop in one process."""

from __future__ import annotations

import asyncio
import logging
import ssl
from dataclasses import dataclass, field
from functools import partial

from django.conf import settings
from django.db.utils import Error as DatabaseError

from mail_server.embedded.smtp import (
    IDLE_SECONDS,
    Gate,
    PlatformSMTP,
    take_credentials,
)
from mail_server.services.delivery import drain
from mail_server.threads import in_thread

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
BATCH = 200


@dataclass
class MailServer:
    """Listens on `host`; a port of 0 takes a free one (see `ports` after start)."""

    host: str
    smtp_port: int
    submission_port: int
    ports: dict[str, int] = field(default_factory=dict)
    _servers: list[asyncio.Server] = field(default_factory=list)

    async def start(self) -> None:
        """Raises OSError for a port that is taken."""
        for name, port in (("smtp", self.smtp_port), ("submission", self.submission_port)):
            make = partial(make_session, submission=name == "submission")
            server = await asyncio.get_running_loop().create_server(make, self.host, port)
            self._servers.append(server)
            self.ports[name] = server.sockets[0].getsockname()[1]
            logger.info("%s on %s:%s", name, self.host, self.ports[name])

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver what is due until told to stop; a lost database is waited for."""
        while not stop.is_set():
            try:
                await in_thread(drain, BATCH)
            except (DatabaseError, OSError):
                logger.exception("The queue could not be worked off; trying again")
            try:
                await asyncio.wait_for(stop.wait(), POLL_SECONDS)
            except TimeoutError:
                continue

    async def close(self) -> None:
        for server in self._servers:
            server.close()


def make_session(*, submission: bool) -> PlatformSMTP:
    context = tls_context()
    session: PlatformSMTP = PlatformSMTP(
        Gate(submission=submission),
        data_size_limit=settings.MAIL_MESSAGE_MAX_BYTES,
        enable_SMTPUTF8=True,
        hostname=settings.MAIL_HOST_NAME,
        ident="ESMTP",
        timeout=IDLE_SECONDS,
        tls_context=context,
        # On the loopback there is nobody to listen; elsewhere a certificate is set.
        auth_require_tls=context is not None,
        auth_exclude_mechanism=[] if submission else ["PLAIN", "LOGIN"],
        authenticator=take_credentials,
    )
    return session


def tls_context() -> ssl.SSLContext | None:
    if not settings.SMTP_TLS_CERT:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.SMTP_TLS_CERT, settings.SMTP_TLS_KEY or None)
    return context
