"""What the rules for addresses say; the SQL functions decide, for every server alike."""

from __future__ import annotations

from typing import Any

from django.db import connection

from security.choices import IpAction
from security.models import IpRule


def network_refuses(account_id: int, ip: str | None) -> bool:
    """Whether rules keep the account from signing in from there, or from staying."""
    return _is_refused("SELECT mp_network_refusal(%s, %s)", [account_id, ip])


def mail_session_refused(account_id: int, protocol: str, ip: str | None) -> bool:
    """Whether an open session of a mail client must end: account, protocol or network.

    A lock does not end it: guesses of a stranger must not cut off who is signed in.
    """
    return _is_refused(
        "SELECT coalesce(mp_state_refusal(%s, %s), mp_network_refusal(%s, %s))",
        [account_id, protocol, account_id, ip],
    )


def _is_refused(question: str, values: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0] is not None


def default_elsewhere(organization_id: int) -> IpAction:
    """What the default rules say of an address that none of them names."""
    allowing = IpRule.objects.filter(
        organization=organization_id, policy=None, action=IpAction.ALLOW
    )
    return IpAction.DENY if allowing.exists() else IpAction.ALLOW
