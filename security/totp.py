"""Time-based codes as authenticator apps make them (RFC 6238), and their QR code."""

from __future__ import annotations

import base64
import secrets
import time
from urllib.parse import quote, urlencode

import segno
from django.utils.safestring import SafeString, mark_safe
from django_otp.oath import TOTP

# RFC 4226, 4, R6 recommends 160 bits.
SECRET_BYTES = 20
DIGITS, STEP_SECONDS = 6, 30
# RFC 6238, 5.2: one step either way for slow typing and clocks that differ.
TOLERANCE = 1


def new_secret() -> str:
    """Base32, as people type it where no QR code can be read."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def accepted_step(secret: str, code: str, *, after: int = -1) -> int | None:
    """The time step that a code is for, if it is right, of now and later than `after`."""
    if not (code.isascii() and code.isdigit() and len(code) == DIGITS):
        return None
    totp = TOTP(base64.b32decode(secret), step=STEP_SECONDS, digits=DIGITS)
    totp.time = time.time()
    step = totp.t()
    if not totp.verify(int(code), tolerance=TOLERANCE, min_t=after + 1):
        return None
    return int(step + totp.drift)


def enrolment_uri(secret: str, *, issuer: str, address: str) -> str:
    """What the QR code says; the format that all authenticator apps read."""
    label = quote(f"{issuer}:{address}", safe="@:")
    query = {"secret": secret, "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"


def qr_code(text: str) -> SafeString:
    """An inline picture; black on white in dark mode too, or cameras would not read it."""
    svg = segno.make(text, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff")
    return mark_safe(svg)  # noqa: S308  made by segno; the text is only in its modules
