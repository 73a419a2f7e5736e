"""The second step of signing in by browser: a code after the password."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Account
from security.choices import Protocol, SignInResult
from security.services.counting import count_password
from security.services.second_factor import check_code
from security.services.sign_in import Attempt, SignIn, find_candidate, open_account, record_attempt


@transaction.atomic
def finish_sign_in(
    *, account: Account, code: str, protocol: Protocol, ip: str | None, client: str = ""
) -> SignIn:
    """Decide by the code, after the password was right, and write it down.

    What may refuse the account is asked again, for time has passed. A wrong code counts as a
    wrong password does. Raises NoSecondFactor, CodeTooSoon.
    """
    # Always before the second factor's row: what sets one up takes them in this order.
    Account.objects.select_for_update(no_key=True).only("pk").get(pk=account.pk)
    attempt = Attempt.of(address=account.address, protocol=protocol, ip=ip, client=client)
    candidate = find_candidate(attempt)
    if candidate is None or candidate.account_id != account.pk:
        return SignIn(None, SignInResult.UNKNOWN)
    if candidate.refusal:
        result = SignInResult(candidate.refusal)
    else:
        is_right = check_code(account=account, code=code)
        result = count_password(
            account_id=account.pk,
            organization_id=account.organization_id,
            is_right=is_right,
            ip=attempt.ip,
            protocol=protocol,
        )
        if result is SignInResult.WRONG_PASSWORD:
            result = SignInResult.WRONG_CODE
    record_attempt(attempt, candidate, result)
    return SignIn(open_account(candidate, result), result)
