"""What Dovecot tells of each sign-in (its auth policy server protocol), our health and
what the policy service counts.

A right password is asked about before it opens anything ("allow"), a wrong one is told
afterwards ("report"), so each attempt is counted and written down once.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RD, socket
from threading import Thread
from typing import Any

from django.db import close_old_connections, connection
from django.db.utils import Error as DatabaseError

from mail_server.plane import internal
from mail_server.plane.config import STORE_DOMAIN, sign_in_key
from mail_server.plane.metrics import CONTENT_TYPE, PolicyMetrics
from mail_server.plane.sockets import listening_socket
from security.choices import Protocol, SignInResult
from security.services.sign_in import sign_in_checked

logger = logging.getLogger(__name__)

# By Dovecot's names; filters are changed by who may read the mail.
PROTOCOLS = {
    "imap": Protocol.IMAP,
    "pop3": Protocol.POP3,
    "smtp": Protocol.SMTP,
    "sieve": Protocol.IMAP,
}
ALLOW, REPORT = COMMANDS = ("/sign-in?command=allow", "/sign-in?command=report")
MAX_BYTES = 64 * 1024
IDLE_SECONDS = 300
LETS_IN, REFUSES = 0, -1


class SignInListener(ThreadingHTTPServer):
    """Listens for Dovecot in a thread of its own; a port of 0 takes a free one."""

    # Who is being answered gets the answer before we end.
    daemon_threads = False

    def __init__(self, host: str, port: int, *, metrics: PolicyMetrics | None = None) -> None:
        """Raises OSError for a port that is taken."""
        super().__init__((host, port), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening_socket(host, port)
        self.server_port = self.socket.getsockname()[1]
        self.key = sign_in_key().encode()
        self.metrics = metrics
        self.sessions: set[Handler] = set()
        self.is_closing = False
        self._thread = Thread(target=self.serve_forever, name="sign-in", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def kept(self) -> list[socket]:
        """What listens, for who goes on listening when this is closed."""
        return [self.socket.dup()]

    def close(self) -> None:
        """Answer what was asked already, and hang up."""
        if self._thread.is_alive():
            self.shutdown()
        self.is_closing = True
        for session in list(self.sessions):
            session.hear_no_more()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: SignInListener
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS

    def setup(self) -> None:
        super().setup()
        self.server.sessions.add(self)
        if self.server.is_closing:
            self.hear_no_more()

    def hear_no_more(self) -> None:
        """The next request that is waited for is the end of the session."""
        with suppress(OSError):
            self.connection.shutdown(SHUT_RD)

    def do_GET(self) -> None:
        if self.path.startswith(internal.PREFIX):
            self._answer_rspamd(lambda: internal.answer_get(self.path))
        elif self.path == "/healthz":
            is_well = database_answers()
            status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
            self._answer(status, {"database": is_well})
        elif self.path == "/metrics" and self.server.metrics:
            text = self.server.metrics.text().encode()
            self._send(HTTPStatus.OK, text, content_type=CONTENT_TYPE)
        else:
            self._answer(HTTPStatus.NOT_FOUND, {})

    def do_HEAD(self) -> None:
        """Rspamd asks so whether there is anything new."""
        self.do_GET()

    def do_POST(self) -> None:
        if self.path.startswith(internal.PREFIX):
            told = self._told(internal.MAX_BYTES)
            self._answer_rspamd(lambda: internal.answer_post(self.path, told))
            return
        told = self._told(MAX_BYTES)
        if not hmac.compare_digest(
            self.headers.get("X-Platform-Key", "").encode(), self.server.key
        ):
            self._answer(HTTPStatus.UNAUTHORIZED, {})
        elif told is None or self.path not in {"/sign-in?command=allow", "/sign-in?command=report"}:
            self._answer(HTTPStatus.BAD_REQUEST, {})
        else:
            self._conclude(told, is_report=self.path.endswith("report"))

    def _answer_rspamd(self, answered: Callable[[], internal.Answer]) -> None:
        """Raises nothing: Rspamd asks again, and keeps what it knows until then."""
        if not internal.may_ask(self.path, self.headers):
            self._send(HTTPStatus.UNAUTHORIZED, b"")
            return
        try:
            close_old_connections()
            answer = answered()
        except DatabaseError:
            logger.exception("Rspamd could not be answered")
            answer = internal.Answer(HTTPStatus.SERVICE_UNAVAILABLE)
        etag = answer.etag
        answer = answer.unless_known(self.headers["If-None-Match"] or "")
        self._send(answer.status, answer.body.encode(), ETag=etag)

    def finish(self) -> None:
        self.server.sessions.discard(self)
        super().finish()
        connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        logger.debug(format, *args)

    def _told(self, limit: int) -> dict[str, Any] | None:
        """The JSON object sent to us; None for anything else."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > limit:
            self.close_connection = True
            return None
        try:
            told = json.loads(self.rfile.read(int(length)))
        except ValueError:
            return None
        return told if isinstance(told, dict) else None

    def _conclude(self, told: dict[str, Any], *, is_report: bool) -> None:
        try:
            close_old_connections()
            lets_in = conclude(told, is_report=is_report)
        except DatabaseError:
            logger.exception("A sign-in could not be written down")
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, {})
            return
        self._answer(HTTPStatus.OK, {"status": LETS_IN if lets_in else REFUSES, "msg": ""})

    def _answer(self, status: HTTPStatus, content: dict[str, Any]) -> None:
        self._send(status, json.dumps(content).encode())

    def _send(
        self,
        status: HTTPStatus,
        body: bytes,
        *,
        content_type: str = "application/json",
        **headers: str,
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def conclude(told: dict[str, Any], *, is_report: bool) -> bool:
    """Whether an attempt is let in; a report of what "allow" decided says nothing new."""
    protocol = PROTOCOLS.get(str(told.get("protocol")))
    if protocol is None or (is_report and (told.get("success") or told.get("policy_reject"))):
        return True
    if str(told.get("login", "")).partition("*")[0].endswith(f"@{STORE_DOMAIN}"):
        return True  # the console itself
    app_password = str(told.get("app_password", ""))
    outcome = sign_in_checked(
        address=str(told.get("login", "")),
        is_right=not is_report,
        protocol=protocol,
        ip=str(told.get("remote", "")) or None,
        client=str(told.get("client", "")),
        app_password_id=int(app_password) if app_password.isdecimal() else None,
    )
    return outcome.result is SignInResult.SUCCESS


def database_answers() -> bool:
    try:
        close_old_connections()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
