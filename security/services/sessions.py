"""Ending browsers' sessions: one's own, and those of members."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Account
from accounts.services.protection import check_may_change
from accounts.services.records import record_change
from admin_platform import audit
from admin_platform.operator import Operator
from security.models import MemberSession
from security.signals import sessions_ended


@transaction.atomic
def end_own_session(*, session: MemberSession, actor: Operator) -> None:
    if MemberSession.objects.filter(pk=session.pk).delete()[0] and session.account:
        audit.record(
            "session.ended",
            actor=actor,
            target=session.account,
            before={"ip": session.ip, "client": session.client},
        )


@transaction.atomic
def end_other_sessions(*, account: Account, kept: MemberSession | None, actor: Operator) -> int:
    """End all sessions but the one at hand; how many there were."""
    others = MemberSession.objects.filter(account=account)
    if kept is not None:
        others = others.exclude(pk=kept.pk)
    ended = others.delete()[0]
    sessions_ended.send(sender=Account, account=account)
    if ended:
        audit.record("session.others_ended", actor=actor, target=account, after={"count": ended})
    return ended


@transaction.atomic
def end_sessions_of(
    *, account: Account, actor: Operator, session: MemberSession | None = None
) -> int:
    """End a member's sessions, or the one given. Raises what `check_may_change` raises."""
    check_may_change([account], "member_security.end_sessions", actor)
    sessions = MemberSession.objects.filter(account=account)
    if session is not None:
        sessions = sessions.filter(pk=session.pk)
    else:
        sessions_ended.send(sender=Account, account=account)
    ended = sessions.delete()[0]
    if ended:
        record_change(account, {}, {"count": ended}, actor=actor, action="session.ended_for")
    return ended
