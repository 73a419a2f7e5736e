"""Signing in: the one service that decides, for browsers and mail clients alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import (
    check_password,
    identify_hasher,
    is_password_usable,
    make_password,
)
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Account
from accounts.validators import ADDRESS_MAX_LENGTH
from admin_platform.client_address import plain_address
from security.choices import CLIENT_PROTOCOLS, Protocol, SignInResult
from security.models import SignInRecord
from security.selectors.sign_in_rules import asks_second_step
from security.selectors.sign_ins import organization_of
from security.services.app_passwords import find_app_password, note_use
from security.services.counting import count_password, seem_to_count

BACKEND = "security.backends.AccountBackend"
CLIENT_MAX_LENGTH = 200
# These speak of the account's own password. A wrong one is wrong before it is anything else,
# and app passwords are not concerned.
REFUSALS_OF_THE_PASSWORD = (
    SignInResult.APP_PASSWORD,
    SignInResult.INITIAL_PASSWORD,
    SignInResult.PASSWORD_EXPIRED,
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """The outcome: an account, or why there is none. The reason is for the log, not for
    whoever tried (no account can be found out by trying).

    second_step: the account for which a code is still to be given (services.second_step).
    """

    account: Account | None
    result: SignInResult
    second_step: Account | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries, from where. address: as typed, brought into the shape it is kept in."""

    address: str
    protocol: Protocol
    ip: str | None
    client: str

    @classmethod
    def of(cls, *, address: str, protocol: Protocol, ip: str | None, client: str) -> Attempt:
        return cls(
            address=address.strip().lower()[:ADDRESS_MAX_LENGTH].replace("\x00", ""),
            protocol=protocol,
            ip=plain_address(ip),
            client=client[:CLIENT_MAX_LENGTH].replace("\x00", ""),
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """What mp_sign_in knows of a typed address."""

    account_id: int
    organization_id: int
    password: str
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Credential:
    """What was typed: the account's own password, or one of its app passwords, or neither."""

    is_right: bool
    app_password_id: int | None = None

    @property
    def opens(self) -> bool:
        return self.is_right or self.app_password_id is not None


def sign_in(
    *, address: str, password: str, protocol: Protocol, ip: str | None, client: str = ""
) -> SignIn:
    """Decide whether somebody may sign in, and write down that they tried.

    address: any address or alias of the account, also in a domain alias. An unknown
    address costs one hash like a known one, so that time tells nothing either.
    """
    attempt = Attempt.of(address=address, protocol=protocol, ip=ip, client=client)
    candidate = find_candidate(attempt)
    return _conclude(attempt, candidate, _credential(attempt, candidate, password))


def sign_in_checked(
    *,
    address: str,
    is_right: bool,
    protocol: Protocol,
    ip: str | None,
    client: str = "",
    app_password_id: int | None = None,
) -> SignIn:
    """The same where a mail server has checked the password, against the same hashes.

    is_right: of whichever password it was; app_password_id says that it was one of those.
    """
    attempt = Attempt.of(address=address, protocol=protocol, ip=ip, client=client)
    credential = Credential(is_right and app_password_id is None, app_password_id)
    return _conclude(attempt, find_candidate(attempt), credential)


@transaction.atomic
def _conclude(attempt: Attempt, candidate: Candidate | None, credential: Credential) -> SignIn:
    result = _decide(attempt, candidate, credential)
    record_attempt(attempt, candidate, result)
    if candidate and result is SignInResult.SECOND_STEP:
        return SignIn(None, result, second_step=_account(candidate))
    if credential.app_password_id and result is SignInResult.SUCCESS:
        note_use(app_password_id=credential.app_password_id, ip=attempt.ip)
    return SignIn(open_account(candidate, result), result)


def find_candidate(attempt: Attempt) -> Candidate | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, organization_id, password, refusal FROM mp_sign_in(%s, %s, %s)",
            [attempt.address, str(attempt.protocol), attempt.ip],
        )
        row = cursor.fetchone()
    return Candidate(*row) if row else None


def _credential(attempt: Attempt, candidate: Candidate | None, password: str) -> Credential:
    is_right = _is_right(candidate, password)
    if is_right or attempt.protocol not in CLIENT_PROTOCOLS:
        return Credential(is_right)
    found = find_app_password(
        address=attempt.address, password=password, protocol=attempt.protocol, ip=attempt.ip
    )
    return Credential(is_right, found)


def _is_right(candidate: Candidate | None, password: str) -> bool:
    """Whether the password is the account's; one full hash, whatever the answer."""
    if candidate is None:
        make_password(password)
        return False
    right = check_password(password, candidate.password)
    if not right and not costs_in_full(candidate.password):
        make_password(password)
    return right


def _decide(attempt: Attempt, candidate: Candidate | None, credential: Credential) -> SignInResult:
    """Whatever comes out, the database is asked alike: see seem_to_count."""
    account_id = candidate.account_id if candidate else 0
    asks_code = attempt.protocol not in CLIENT_PROTOCOLS and asks_second_step(account_id)
    if candidate is None:
        return _refused(attempt, SignInResult.UNKNOWN)
    if candidate.refusal and (
        credential.is_right or candidate.refusal not in REFUSALS_OF_THE_PASSWORD
    ):
        return _refused(attempt, SignInResult(candidate.refusal))
    result = count_password(
        account_id=candidate.account_id,
        organization_id=candidate.organization_id,
        is_right=credential.opens,
        ip=attempt.ip,
        protocol=attempt.protocol,
        forgets=not asks_code,
    )
    if asks_code and result is SignInResult.SUCCESS:
        return SignInResult.SECOND_STEP
    return result


def _refused(attempt: Attempt, result: SignInResult) -> SignInResult:
    seem_to_count(ip=attempt.ip)
    return result


def record_attempt(attempt: Attempt, candidate: Candidate | None, result: SignInResult) -> None:
    # Asked for known addresses too: one question less would tell them by the time it takes.
    by_domain = organization_of(attempt.address)
    SignInRecord.objects.create(
        account_id=candidate.account_id if candidate else None,
        organization_id=candidate.organization_id if candidate else by_domain,
        address=attempt.address,
        protocol=attempt.protocol,
        ip=attempt.ip,
        client=attempt.client,
        result=result,
    )


def open_account(candidate: Candidate | None, result: SignInResult) -> Account | None:
    if candidate is None or result is not SignInResult.SUCCESS:
        return None
    Account.objects.filter(pk=candidate.account_id).update(last_login=timezone.now())
    return _account(candidate)


def _account(candidate: Candidate) -> Account:
    return Account.objects.select_related("organization").get(pk=candidate.account_id)


def costs_in_full(stored: str) -> bool:
    """Whether checking the hash takes as long as for an unknown account. Passwords that the
    system made up are hashed in no time, which would tell that the account exists."""
    return not is_password_usable(stored) or identify_hasher(stored).algorithm == "argon2"
