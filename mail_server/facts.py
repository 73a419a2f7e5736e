"""What the policy decides by, read for many questions in one query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection


class Question(NamedTuple):
    """May this sender reach this recipient? All in lower case.

    login: the address of the account that signed in, empty for the outside. recipient:
    empty while only MAIL FROM is known. client: the IP address of a mail client whose
    account is to be looked at again; empty where another watches over the session.
    """

    login: str
    envelope: str
    recipient: str = ""
    client: str = ""


class Facts(NamedTuple):
    """A row of mp_policy.

    Of the sender: account_id is None for the outside and for an account that is gone;
    send_scope and sender_organization_id go with it. must_leave: a rule has come to refuse
    the account, or its network, since it signed in. envelope_is_own: MAIL FROM belongs to
    the account. Of the recipient: refusal is an SMTP answer; list_takes is None for what is
    no list.
    """

    is_signed_in: bool
    account_id: int | None
    sender_organization_id: int | None
    send_scope: str | None
    must_leave: bool
    envelope_is_ours: bool
    envelope_is_own: bool
    is_inside: bool
    refusal: str | None
    organization_id: int | None
    receive_scope: str | None
    quota_bytes: int | None
    usage_bytes: int | None
    list_takes: bool | None


def gather(questions: Sequence[Question]) -> list[Facts]:
    """The facts for each question, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM mp_policy(%s, %s, %s, %s)",
            [list(column) for column in zip(*questions, strict=True)],
        )
        return [Facts._make(row) for row in cursor.fetchall()]
