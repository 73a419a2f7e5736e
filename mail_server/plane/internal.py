"""What Rspamd asks of us and tells us under /internal/: keys, and what it found."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from typing import Any

from mail_server.plane.config import rspamd_key
from mail_server.services.scans import record_scan
from security.selectors.dkim import signing_key

PREFIX = "/internal/"
SCANS = "/internal/scans"
# A thousand recipients, and as many symbols as Rspamd has.
MAX_BYTES = 1024 * 1024
SIGNING_KEYS = "/internal/v1/dkim/"


@dataclass(frozen=True, slots=True)
class Answer:
    status: HTTPStatus
    body: str = ""


def is_rspamd(headers: Message) -> bool:
    """Whether the key was shown, in whichever of its two ways Rspamd can show one."""
    shown = headers["X-Vault-Token"] or _password(headers["Authorization"] or "")
    return hmac.compare_digest(shown.encode(), rspamd_key().encode())


def _password(authorization: str) -> str:
    """Of HTTP's "basic" scheme; empty for what is none."""
    try:
        pair = base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except ValueError:
        return ""
    return pair.partition(":")[2]


def answer_get(path: str) -> Answer:
    if path.startswith(SIGNING_KEYS):
        return Answer(HTTPStatus.OK, json.dumps(signing_keys(path.removeprefix(SIGNING_KEYS))))
    return Answer(HTTPStatus.NOT_FOUND)


def answer_post(path: str, told: dict[str, Any] | None) -> Answer:
    if path != SCANS:
        return Answer(HTTPStatus.NOT_FOUND)
    if told is None or not record_scan(told):
        return Answer(HTTPStatus.BAD_REQUEST)
    return Answer(HTTPStatus.NO_CONTENT)


def signing_keys(domain_name: str) -> dict[str, Any]:
    """As HashiCorp's Vault tells secrets; a domain without a key has no selectors."""
    key = signing_key(domain_name)
    selectors = [{"selector": key.selector, "key": key.private_key}] if key else []
    return {"data": {"selectors": selectors}}
