"""Ending what mail clients have open (IMAP, POP3) at the real mail servers.

A session goes on after its sign-in, whatever becomes of the account; so Dovecot is told.
"""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Account
from mail_server.plane.config import STORE_DOMAIN
from mail_server.stores.doveadm import NOTHING_THERE, Command, Doveadm, DoveadmError, Rows

CHUNK = 500


def end_sessions_soon(account_ids: Collection[int]) -> None:
    """Once the change that is the reason for it is written."""
    from mail_server.tasks import end_client_sessions

    if account_ids and settings.MAIL_STORE == "dovecot":
        ids = list(account_ids)
        transaction.on_commit(lambda: end_client_sessions.delay(ids))


def end_client_sessions(*, account_ids: Collection[int]) -> None:
    """All of these accounts; who still may, signs in again. Raises StoreUnavailable."""
    accounts = Account.objects.filter(pk__in=account_ids)
    _kick([[address] for address in accounts.values_list("address", flat=True)])


def end_refused_sessions() -> int:
    """Those of who may no longer be signed in from there: expired, another rule for
    addresses, a protocol switched off. How many. Raises StoreUnavailable."""
    refused = refused_sessions(_doveadm().ask("who"))
    _kick(refused)
    return len(refused)


def refused_sessions(rows: Rows) -> list[list[str]]:
    """(address, ip) of sessions, as `doveadm who` tells them, that should not be."""
    known = [
        (str(row["username"]), str(row["service"]), ip)
        for row in rows
        if not str(row["username"]).endswith(f"@{STORE_DOMAIN}")
        for ip in str(row["ips"]).strip("()").split()
    ]
    # What is asked only at a sign-in (wrong passwords too often, the password's age) ends
    # no session.
    question = """
        SELECT DISTINCT open.address, open.ip
        FROM unnest(%s::text[], %s::text[], %s::text[]) AS open (address, service, ip)
        LEFT JOIN accounts_account a ON a.address = open.address
        WHERE a.id IS NULL OR coalesce(
            mp_state_refusal(a.id, open.service), mp_network_refusal(a.id, open.ip::inet)
        ) IS NOT NULL
        ORDER BY 1, 2
    """
    columns = [[row[place] for row in known] for place in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(question, columns)
        return [list(row) for row in cursor.fetchall()]


def _kick(masks: Collection[list[str]]) -> None:
    """mask: an address, and perhaps the address of the client's host."""
    commands: list[Command] = [("kick", {"mask": mask}) for mask in masks]
    for start in range(0, len(commands), CHUNK):
        for answer in _doveadm().ask_all(commands[start : start + CHUNK]):
            if isinstance(answer, DoveadmError) and answer.code not in NOTHING_THERE:
                raise answer


def _doveadm() -> Doveadm:
    return Doveadm(settings.MAIL_PLANE_PORTS["doveadm"])
