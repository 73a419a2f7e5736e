"""Password hashes that Django and Dovecot verify alike."""

import base64
import hashlib
import hmac
import secrets
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, BasePasswordHasher
from django.utils.translation import gettext_lazy as _

SALT_BYTES = 16


class MailArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id at the cost that OWASP gives as its minimum: a mail client signs in often.

    Dovecot verifies `{ARGON2ID}` followed by what stands after "argon2".
    """

    time_cost = 2
    memory_cost = 19456  # KiB
    parallelism = 1


class GeneratedPasswordHasher(BasePasswordHasher):
    """One round of salted SHA-512, for passwords that the system made with 96 bits or more.

    Stretching protects guessable passwords; these are not. Dovecot verifies `{SSHA512}`
    followed by what stands after "ssha512$": base64 of digest and salt.
    """

    algorithm = "ssha512"

    def salt(self) -> str:
        return secrets.token_hex(SALT_BYTES // 2)

    def encode(self, password: str, salt: str) -> str:
        digest = hashlib.sha512(password.encode() + salt.encode()).digest()
        return f"{self.algorithm}${base64.b64encode(digest + salt.encode()).decode()}"

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, packed = encoded.split("$", 1)
        return {"algorithm": algorithm, "salt": base64.b64decode(packed)[64:].decode()}

    def verify(self, password: str, encoded: str) -> bool:
        return hmac.compare_digest(self.encode(password, self.decode(encoded)["salt"]), encoded)

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        return {
            _("algorithm"): self.algorithm,
            _("salt"): self.decode(encoded)["salt"][:4] + "…",
        }
