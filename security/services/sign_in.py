"""Signing in: the one service that decides, for browsers and mail clients alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import SESSION_KEY, login, logout
from django.contrib.auth.hashers import (
    check_password,
    identify_hasher,
    is_password_usable,
    make_password,
)
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Account
from accounts.validators import ADDRESS_MAX_LENGTH
from admin_platform.client_address import client_ip, plain_address
from security.choices import Protocol, SignInResult
from security.models import SignInRecord
from security.selectors.sign_ins import organization_of
from security.services.counting import count_password

BACKEND = "security.backends.AccountBackend"
CLIENT_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class SignIn:
    """The outcome: an account, or why there is none. The reason is for the log, not for
    whoever tried (no account can be found out by trying)."""

    account: Account | None
    result: SignInResult


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries, from where. address: as typed, brought into the shape it is kept in."""

    address: str
    protocol: Protocol
    ip: str | None
    client: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What mp_sign_in knows of a typed address."""

    account_id: int
    organization_id: int
    password: str
    refusal: str | None


def sign_in(
    *, address: str, password: str, protocol: Protocol, ip: str | None, client: str = ""
) -> SignIn:
    """Decide whether somebody may sign in, and write down that they tried.

    address: any address or alias of the account, also in a domain alias. An unknown
    address costs one hash like a known one, so that time tells nothing either.
    """
    attempt = Attempt(
        address=address.strip().lower()[:ADDRESS_MAX_LENGTH].replace("\x00", ""),
        protocol=protocol,
        ip=plain_address(ip),
        client=client[:CLIENT_MAX_LENGTH],
    )
    candidate = _candidate(attempt)
    is_right = _is_right(candidate, password)
    with transaction.atomic():
        result = _decide(attempt, candidate, is_right)
        _record(attempt, candidate, result)
        return SignIn(_opened(candidate, result), result)


def _candidate(attempt: Attempt) -> Candidate | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, organization_id, password, refusal FROM mp_sign_in(%s, %s, %s)",
            [attempt.address, str(attempt.protocol), attempt.ip],
        )
        row = cursor.fetchone()
    return Candidate(*row) if row else None


def _is_right(candidate: Candidate | None, password: str) -> bool:
    """Whether the password is the account's; one full hash, whatever the answer."""
    if candidate is None:
        make_password(password)
        return False
    right = check_password(password, candidate.password)
    if not right and not costs_in_full(candidate.password):
        make_password(password)
    return right


def _decide(attempt: Attempt, candidate: Candidate | None, is_right: bool) -> SignInResult:
    if candidate is None:
        return SignInResult.UNKNOWN
    if candidate.refusal:
        return SignInResult(candidate.refusal)
    return count_password(
        account_id=candidate.account_id,
        organization_id=candidate.organization_id,
        is_right=is_right,
        ip=attempt.ip,
        protocol=attempt.protocol,
    )


def _record(attempt: Attempt, candidate: Candidate | None, result: SignInResult) -> None:
    SignInRecord.objects.create(
        account_id=candidate.account_id if candidate else None,
        organization_id=(
            candidate.organization_id if candidate else organization_of(attempt.address)
        ),
        address=attempt.address,
        protocol=attempt.protocol,
        ip=attempt.ip,
        client=attempt.client,
        result=result,
    )


def _opened(candidate: Candidate | None, result: SignInResult) -> Account | None:
    if candidate is None or result is not SignInResult.SUCCESS:
        return None
    Account.objects.filter(pk=candidate.account_id).update(last_login=timezone.now())
    return Account.objects.select_related("organization").get(pk=candidate.account_id)


def costs_in_full(stored: str) -> bool:
    """Whether checking the hash takes as long as for an unknown account. Passwords that the
    system made up are hashed in no time, which would tell that the account exists."""
    return not is_password_usable(stored) or identify_hasher(stored).algorithm == "argon2"


def start_session(request: HttpRequest, account: Account) -> None:
    """Open the browser's session; its key is new, whatever it was before."""
    if SESSION_KEY in request.session:
        request.session.flush()
    previous = previous_sign_in(account)
    login(request, account, backend=BACKEND)
    request.session["signed_in_ip"] = client_ip(request)
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
    logout(request)
