"""What Rspamd asks of us and tells us under /internal/: keys, and what it found."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from typing import Any

from accounts.models import Account
from mail_server.plane.config import rspamd_key, rules_key
from mail_server.plane.recipients import replaced_recipients
from mail_server.plane.spam_settings import settings_map
from mail_server.services.scans import record_scan
from security.selectors.dkim import signing_key

PREFIX = "/internal/"
SPAM_SETTINGS = "/internal/spam-settings"
SCANS = "/internal/scans"
RECIPIENTS = "/internal/recipients"
# A thousand recipients, and as many symbols as Rspamd has.
MAX_BYTES = 1024 * 1024
SIGNING_KEYS = "/internal/v1/dkim/"


@dataclass(frozen=True, slots=True)
class Answer:
    status: HTTPStatus
    body: str = ""

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body.encode()).hexdigest()}"'

    def unless_known(self, etags: str) -> Answer:
        """Nothing but "not modified" for who has it already (RFC 9110, 13.1.2)."""
        is_known = self.status == HTTPStatus.OK and self.etag in etags
        return Answer(HTTPStatus.NOT_MODIFIED) if is_known else self


def may_ask(path: str, headers: Message) -> bool:
    """Whether the key for it was shown, in whichever of its two ways Rspamd can show one."""
    shown = headers["X-Vault-Token"] or _password(headers["Authorization"] or "")
    key = rules_key() if path == SPAM_SETTINGS else rspamd_key()
    return hmac.compare_digest(shown.encode(), key.encode())


def _password(authorization: str) -> str:
    """Of HTTP's "basic" scheme; empty for what is none."""
    try:
        pair = base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except ValueError:
        return ""
    return pair.partition(":")[2]


def answer_get(path: str) -> Answer:
    if path == SPAM_SETTINGS:
        return Answer(HTTPStatus.OK, json.dumps(settings_map()))
    if path.startswith(SIGNING_KEYS):
        return Answer(HTTPStatus.OK, json.dumps(signing_keys(path.removeprefix(SIGNING_KEYS))))
    return Answer(HTTPStatus.NOT_FOUND)


def answer_post(path: str, told: dict[str, Any] | None) -> Answer:
    if path == RECIPIENTS:
        return answer_recipients(told or {})
    if path != SCANS:
        return Answer(HTTPStatus.NOT_FOUND)
    if told is None or not record_scan(told):
        return Answer(HTTPStatus.BAD_REQUEST)
    return Answer(HTTPStatus.NO_CONTENT)


def answer_recipients(told: dict[str, Any]) -> Answer:
    try:
        replaced = replaced_recipients(
            queue_id=str(told["queue_id"]),
            login=str(told["login"]),
            sender=str(told["sender"]),
            recipients=[str(recipient) for recipient in told["recipients"]],
        )
    except (KeyError, TypeError, Account.DoesNotExist):
        return Answer(HTTPStatus.BAD_REQUEST)
    return Answer(HTTPStatus.OK, json.dumps(replaced))


def signing_keys(domain_name: str) -> dict[str, Any]:
    """As HashiCorp's Vault tells secrets; a domain without a key has no selectors."""
    key = signing_key(domain_name)
    selectors = [{"selector": key.selector, "key": key.private_key}] if key else []
    return {"data": {"selectors": selectors}}
