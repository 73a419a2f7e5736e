"""Writing down what happens to messages: the one way into the table of events."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from django.conf import settings
from django.db import connection

from accounts.validators import ADDRESS_MAX_LENGTH
from mail_server.choices import EventKind

HEADER_MAX_LENGTH = 998  # RFC 5322, 2.1.1
REASON_MAX_LENGTH = 2000
SHORT = {"queue_id": 32, "dsn": 16, "relay": 255, "subject": HEADER_MAX_LENGTH}
SHORT |= {"message_id": HEADER_MAX_LENGTH, "reason": REASON_MAX_LENGTH}
SHORT |= dict.fromkeys(("sender", "recipient", "original_recipient", "login"), ADDRESS_MAX_LENGTH)


@dataclass(frozen=True, slots=True)
class Event:
    """What a mail server knows of one thing that happened.

    recipient: also of what concerns the message as a whole (RECEIVED, FILTERED): it tells
    whose affair it is, and is not kept. login, account_id: who signed in; one is enough.
    """

    at: datetime
    kind: EventKind
    recipient: str
    sender: str = ""
    original_recipient: str = ""
    login: str = ""
    account_id: int | None = None
    queue_id: str = ""
    message_id: str = ""
    subject: str = ""
    size_bytes: int = 0
    client_ip: str | None = None
    dsn: str = ""
    relay: str = ""
    reason: str = ""


FIELDS = [field.name for field in fields(Event)]

# An event is written for the organization of the sender who signed in and for that of the
# recipient, once if they are the same. A row that is there already is left alone and not
# counted, so whoever does not know how far they came may tell everything again. The rows of
# the volumes are locked in one order, for others do the same at the same time.
RECORD = """
WITH told AS (
    SELECT * FROM jsonb_to_recordset(%(events)s::jsonb) AS event (
        at timestamptz, kind text, recipient text, sender text, original_recipient text,
        login text, account_id bigint, queue_id text, message_id text, subject text,
        size_bytes bigint, client_ip inet, dsn text, relay text, reason text)
), concerned AS (
    SELECT told.at, told.kind, told.queue_id, told.message_id, told.sender,
        told.original_recipient, told.subject, told.size_bytes, told.client_ip, told.dsn,
        told.relay, told.reason,
        told.kind IN ('received', 'filtered') AS is_whole, told.recipient,
        coalesce(nullif(told.login, ''), by_id.address, '') AS login,
        coalesce(by_id.id, by_login.id) AS sender_account_id,
        coalesce(by_id.organization_id, by_login.organization_id) AS sender_organization_id,
        known.account_id AS recipient_account_id,
        coalesce(target.organization_id, own.organization_id) AS recipient_organization_id
    FROM told
    LEFT JOIN accounts_account by_id ON by_id.id = told.account_id
    LEFT JOIN accounts_account by_login ON by_login.address = told.login
    LEFT JOIN orgs_domain own ON own.name = split_part(told.recipient, '@', 2)
    LEFT JOIN orgs_domain target ON target.id = own.alias_of_id
    LEFT JOIN accounts_address known ON known.address =
        split_part(told.recipient, '@', 1) || '@' || coalesce(target.name, own.name)
), inserted AS (
    INSERT INTO mail_server_messageevent (
        at, kind, direction, organization_id, sender_account_id, recipient_account_id,
        queue_id, message_id, sender, recipient, original_recipient, login, subject,
        size_bytes, client_ip, dsn, relay, reason)
    SELECT at, kind, direction, organization_id, sender_account_id,
        CASE WHEN NOT is_whole THEN recipient_account_id END,
        queue_id, message_id, sender, CASE WHEN is_whole THEN '' ELSE recipient END,
        CASE WHEN is_whole THEN '' ELSE original_recipient END, login, subject,
        size_bytes, client_ip, dsn, relay, reason
    FROM concerned, LATERAL (
        SELECT sender_organization_id AS organization_id,
            CASE WHEN recipient_organization_id = sender_organization_id
                THEN 'inside' ELSE 'out' END AS direction
        WHERE sender_organization_id IS NOT NULL
        UNION ALL
        SELECT recipient_organization_id, 'in'
        WHERE sender_organization_id IS NULL
            OR recipient_organization_id <> sender_organization_id
    ) AS view
    ON CONFLICT DO NOTHING
    RETURNING at, kind, direction, organization_id, sender_account_id, recipient_account_id,
        size_bytes
), counted AS (
    SELECT (at AT TIME ZONE %(time_zone)s)::date AS day, organization_id,
        sender_account_id AS account_id, 1 AS sent, size_bytes AS sent_bytes,
        0 AS received, 0::bigint AS received_bytes
    FROM inserted
    WHERE kind = 'received' AND direction <> 'in' AND sender_account_id IS NOT NULL
    UNION ALL
    SELECT (at AT TIME ZONE %(time_zone)s)::date, organization_id, recipient_account_id,
        0, 0, 1, size_bytes
    FROM inserted
    WHERE kind = 'delivered' AND direction <> 'out' AND recipient_account_id IS NOT NULL
), volumes AS (
    INSERT INTO mail_server_dailyvolume AS volume (
        day, organization_id, account_id, sent, sent_bytes, received, received_bytes)
    SELECT day, organization_id, account_id, sum(sent), sum(sent_bytes), sum(received),
        sum(received_bytes)
    FROM counted
    GROUP BY GROUPING SETS ((organization_id, day, account_id), (organization_id, day))
    ORDER BY organization_id, day, account_id
    ON CONFLICT (organization_id, account_id, day) DO UPDATE SET
        sent = volume.sent + excluded.sent,
        sent_bytes = volume.sent_bytes + excluded.sent_bytes,
        received = volume.received + excluded.received,
        received_bytes = volume.received_bytes + excluded.received_bytes
)
SELECT count(*) FROM inserted
"""


def record_events(events: Iterable[Event]) -> int:
    """Write events down, and count the mail; how many rows are new.

    In the transaction of the caller, if there is one. Texts are cut to what the columns
    hold; addresses are kept in lower case.
    """
    told = [_told(event) for event in events]
    if not told:
        return 0
    values = {"events": json.dumps(told), "time_zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(RECORD, values)
        return int(cursor.fetchone()[0])


def _told(event: Event) -> dict[str, object]:
    told = {name: getattr(event, name) for name in FIELDS}
    for name, length in SHORT.items():
        told[name] = _text(told[name], length)
    for name in ("sender", "recipient", "original_recipient", "login"):
        told[name] = told[name].lower()
    return told | {"at": event.at.isoformat()}


def _text(text: str, length: int) -> str:
    """As PostgreSQL takes it: no NUL, no half of a character."""
    if text.isascii() and "\x00" not in text:
        return text[:length]
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:length]
