"""Hashing the passwords that stand in an imported file: the long part, on all cores."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from accounts.models import ImportRow
from accounts.services.import_check import write_outcome
from admin_platform import crypto

CORES = os.cpu_count() or 1
HASHED_PER_STEP = 64 * CORES


def hash_ahead(rows_to_go: QuerySet[ImportRow]) -> bool:
    """Hash the next typed passwords into their rows; False when none is left."""
    left = rows_to_go.filter(values__has_key="password")
    rows = list(left.exclude(clean__has_key="password")[:HASHED_PER_STEP])
    hash_passwords(rows)
    write_outcome(rows)
    return bool(rows)


def hash_passwords(rows: Sequence[ImportRow]) -> None:
    """Hash typed passwords. argon2 lets go of the interpreter's lock: threads use every core."""
    typed = [row for row in rows if row.values.get("password") and "password" not in row.clean]
    if not typed:
        return
    plain = [crypto.decrypt(row.values["password"]) for row in typed]
    with ThreadPoolExecutor(CORES) as pool:
        for row, encoded in zip(typed, pool.map(make_password, plain), strict=True):
            row.clean["password"] = encoded


def within_hashing(rows: list[ImportRow]) -> list[ImportRow]:
    """The first rows, as many as can be hashed in one step."""
    typed = 0
    for place, row in enumerate(rows):
        typed += bool(row.values.get("password")) and "password" not in row.clean
        if typed > HASHED_PER_STEP:
            return rows[:place]
    return rows
