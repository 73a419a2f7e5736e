"""Keeping what Rspamd says of a message (its metadata exporter, format "json")."""

from __future__ import annotations

import ipaddress
import math
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.validators import ADDRESS_MAX_LENGTH
from mail_server.models import ScanVerdict

# Rspamd's word for what a message does not have.
UNKNOWN = "unknown"
KEPT_FOR = timedelta(days=90)
QUEUE_ID_MAX_LENGTH = 32
TEXT_MAX_LENGTH = 998  # RFC 5322, 2.1.1


def drop_old_scans() -> int:
    """Forget what was found long ago; how many verdicts that were."""
    limit = timezone.now() - KEPT_FOR
    return ScanVerdict.objects.filter(received_at__lt=limit).delete()[0]


def record_scan(told: dict[str, Any]) -> bool:
    """Write one verdict down, once for each queue ID. False for what tells of no message.

    Subject, addresses and symbols' options are a stranger's: nothing in them may fail.
    """
    queue_id = _text(told.get("qid"), QUEUE_ID_MAX_LENGTH)
    if not queue_id:
        return False
    verdict = ScanVerdict(
        queue_id=queue_id,
        action=_text(told.get("action"), 32),
        score=_number(told.get("score")),
        symbols=_symbols(told.get("symbols")),
        subject=_text(told.get("subject"), TEXT_MAX_LENGTH),
        message_id=_text(told.get("message_id"), TEXT_MAX_LENGTH),
        login=_text(told.get("user"), ADDRESS_MAX_LENGTH).lower(),
        client_ip=_ip(told.get("ip")),
        envelope_sender=_text(told.get("from"), ADDRESS_MAX_LENGTH),
        recipients=_texts(told.get("rcpt")),
    )
    ScanVerdict.objects.bulk_create([verdict], ignore_conflicts=True)
    return True


def _text(told: object, max_length: int) -> str:
    """As PostgreSQL takes it: no NUL, no half of a character."""
    if not isinstance(told, str) or told == UNKNOWN:
        return ""
    return told.encode("utf-8", "replace").decode().replace("\x00", "")[:max_length]


def _list(told: object) -> list[Any]:
    return told if isinstance(told, list) else []


def _symbols(told: object) -> list[dict[str, Any]]:
    return [
        {
            "name": _text(symbol.get("name"), TEXT_MAX_LENGTH),
            "score": _number(symbol.get("score")),
            "options": _texts(symbol.get("options")),
        }
        for symbol in _list(told)
        if isinstance(symbol, dict)
    ]


def _texts(told: object) -> list[str]:
    return [_text(text, TEXT_MAX_LENGTH) for text in _list(told)]


def _number(told: object) -> float:
    """JSON for the database knows no NaN, which Python reads."""
    return float(told) if isinstance(told, int | float) and math.isfinite(told) else 0.0


def _ip(told: object) -> str | None:
    try:
        return str(ipaddress.ip_address(str(told)))
    except ValueError:
        return None
