"""Keeping small secrets in the database, encrypted with a key derived from SECRET_KEY."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def _fernet() -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"kept-secrets")
    return Fernet(base64.urlsafe_b64encode(key.digest()))


def encrypt(plain: str) -> str:
    return _fernet().encrypt(plain.encode()).decode()


def decrypt(token: str) -> str:
    """Raises cryptography.fernet.InvalidToken when made with another SECRET_KEY."""
    return _fernet().decrypt(token.encode()).decode()


def derived_secret(purpose: str) -> str:
    """A password for one purpose, the same each time, of letters, digits, - and _ alone."""
    key = hashlib.blake2b(
        purpose.encode(),
        key=settings.SECRET_KEY.encode()[:64],
        digest_size=24,
        person=b"derived-secret",
    )
    return base64.urlsafe_b64encode(key.digest()).decode()
