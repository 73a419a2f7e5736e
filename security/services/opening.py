"""Opening and ending a browser's session."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.contrib.auth import SESSION_KEY, login, logout
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Account
from admin_platform.client_address import client_ip
from security.choices import Protocol, SignInResult
from security.models import SignInRecord
from security.selectors.sign_in_rules import sign_in_rule_of
from security.services.sign_in import BACKEND, CLIENT_MAX_LENGTH
from security.session_store import SessionStore


def start_session(request: HttpRequest, account: Account) -> None:
    """Open the browser's session; its key is new, whatever it was before."""
    if SESSION_KEY in request.session:
        request.session.flush()
    previous = previous_sign_in(account)
    login(request, account, backend=BACKEND)
    request.session["signed_in_ip"] = client_ip(request)
    request.session["client"] = request.headers.get("User-Agent", "")[:CLIENT_MAX_LENGTH]
    request.session["started_at"] = timezone.now().isoformat()
    hours = sign_in_rule_of(account.organization).session_hours
    request.session.set_expiry(timedelta(hours=hours))
    if previous is not None:
        request.session["previous_sign_in"] = {
            "at": previous.at.isoformat(),
            "ip": previous.ip,
        }


def previous_sign_in(account: Account) -> SignInRecord | None:
    """The successful sign-in by browser before the one just made."""
    made = SignInRecord.objects.filter(
        account=account,
        result=SignInResult.SUCCESS,
        protocol__in=(Protocol.WEB, Protocol.CONSOLE),
    )
    return made.order_by("-at")[1:2].first()


def end_session(request: HttpRequest) -> None:
    """End the session that the request came with, and let its cookie go with the answer."""
    logout(request)
    cast("SessionStore", request.session).ended = True
