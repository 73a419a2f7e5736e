import base64
import time
from datetime import timedelta

from django.utils import timezone
from django_otp.oath import TOTP

from accounts.models import Account
from admin_platform import crypto
from security.choices import IpAction, Protocol
from security.models import IpPolicy, IpRule, Lockout, LockoutExemption, LockoutRule, SecondFactor
from security.ranges import AddressRange
from security.totp import new_secret


def ends(text: str) -> dict[str, str]:
    parsed = AddressRange.parse(text)
    return {"first": str(parsed.first), "last": str(parsed.last)}


def lockout_rule(organization, **fields) -> LockoutRule:  # type: ignore[no-untyped-def]
    """Three wrong passwords lock for half an hour, unless said otherwise."""
    return LockoutRule.objects.create(organization=organization, **({"attempts": 3} | fields))


def allow_listed(organization, text: str) -> LockoutExemption:  # type: ignore[no-untyped-def]
    return LockoutExemption.objects.create(organization=organization, **ends(text))


def locked(account: Account, *, minutes: int = 30, **fields) -> Lockout:  # type: ignore[no-untyped-def]
    """An account locked just now, for so long; with negative minutes it is over."""
    now = timezone.now()
    values = {
        "locked_at": now,
        "locked_until": now + timedelta(minutes=minutes),
        "ip": "198.51.100.7",
        "protocol": Protocol.SMTP,
    }
    return Lockout.objects.create(
        account=account, organization=account.organization, **(values | fields)
    )


def default_rule(organization, text: str, action: str = IpAction.ALLOW) -> IpRule:  # type: ignore[no-untyped-def]
    return IpRule.objects.create(organization=organization, action=action, **ends(text))


def member_rules(account: Account, *rules: tuple[str, str], elsewhere: str) -> IpPolicy:
    policy = IpPolicy.objects.create(
        organization=account.organization, account=account, elsewhere=elsewhere
    )
    for text, action in rules:
        IpRule.objects.create(
            organization=account.organization, policy=policy, action=action, **ends(text)
        )
    return policy


def second_factor(account) -> str:  # type: ignore[no-untyped-def]
    """Set an authenticator app up for the account; its secret."""
    secret = new_secret()
    SecondFactor.objects.create(user=account, name="totp", secret=crypto.encrypt(secret))
    return secret


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the app shows now, or some steps of 30 seconds later."""
    totp = TOTP(base64.b32decode(secret))
    totp.time = time.time() + steps * 30
    return f"{totp.token():06}"
