"""Codes on paper for when the authenticator app is gone."""

from __future__ import annotations

import secrets

from django.utils.crypto import salted_hmac

from accounts.made_up import ALPHABET

COUNT = 10
GROUPS, GROUP_LENGTH = 2, 5


def new_codes() -> list[str]:
    """Ten of 50 random bits each: `k7mwq-3xhtp`."""
    return [
        "-".join(
            "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)
        )
        for _ in range(COUNT)
    ]


def digest(account_id: int, code: str) -> str:
    """Keyed: 50 bits could be tried out from a plain hash, but not without SECRET_KEY."""
    plain = "".join(c for c in code.lower() if c.isalnum())
    return salted_hmac(f"recovery-code-{account_id}", plain, algorithm="sha256").hexdigest()
