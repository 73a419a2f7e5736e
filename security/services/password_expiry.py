"""Telling members that their password expires soon (manual, 9.1.2)."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection, transaction

from security.models import PasswordWarning
from security.signals import passwords_expiring

CHUNK = 1000

# Each is told twice: when the organization's days of warning begin, and on the last day.
# Whoever comes first writes the row; a second run finds it.
CLAIM = """
WITH due AS (
    SELECT a.id, a.organization_id, a.password_changed_at, CASE
        WHEN a.password_changed_at + (r.expiry_days - 1) * interval '1 day' <= now() THEN 1
        ELSE r.warning_days END AS days
    FROM security_passwordrule r JOIN accounts_account a USING (organization_id)
    WHERE r.expiry_days IS NOT NULL AND a.status = 'active' AND a.deleted_at IS NULL
        AND (a.expires_at IS NULL OR a.expires_at > now())
        AND a.password_changed_at > now() - r.expiry_days * interval '1 day'
        AND a.password_changed_at <= now() - (r.expiry_days - r.warning_days) * interval '1 day'
), told AS (
    INSERT INTO security_passwordwarning (account_id, password_changed_at, days)
    SELECT id, password_changed_at, days FROM due
    WHERE NOT EXISTS (
        SELECT FROM security_passwordwarning w
        WHERE w.account_id = due.id AND w.password_changed_at = due.password_changed_at
            AND w.days = due.days
    )
    ORDER BY id LIMIT %s
    ON CONFLICT DO NOTHING RETURNING account_id
)
SELECT a.organization_id, a.id FROM told JOIN accounts_account a ON a.id = told.account_id
ORDER BY a.organization_id, a.id
"""
FORGET = """
DELETE FROM security_passwordwarning w USING accounts_account a
WHERE a.id = w.account_id AND a.password_changed_at <> w.password_changed_at
"""


def warn_of_expiry() -> int:
    """Announce the passwords that expire soon; how many there were. May run at any time."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
    warned = 0
    while claimed := _warn_next():
        warned += claimed
    return warned


@transaction.atomic
def _warn_next() -> int:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [CHUNK])
        claimed = cursor.fetchall()
    by_organization: dict[int, list[int]] = defaultdict(list)
    for organization_id, account_id in claimed:
        by_organization[organization_id].append(account_id)
    for organization_id, ids in by_organization.items():
        passwords_expiring.send(
            sender=PasswordWarning, organization_id=organization_id, account_ids=ids
        )
    return len(claimed)
