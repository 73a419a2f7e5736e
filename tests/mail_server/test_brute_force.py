"""Guessing over SMTP and the web at once, from several addresses.

BRUTE_FORCE_ATTEMPTS=10000 for the long run.
"""

import base64
import os
import random
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import local

from django.db import connection
from django.test import Client

from security.models import Lockout, SignInRecord
from tests.factories.accounts import AccountFactory
from tests.factories.security import allow_listed, lockout_rule

ATTEMPTS = int(os.environ.get("BRUTE_FORCE_ATTEMPTS", "160"))
ACCOUNTS = 4
ALLOWED_TO_GUESS = 5
STREETS = [f"127.0.0.{last}" for last in (5, 6, 7, 8)]
OFFICE = "127.0.0.9"
THREADS = 8


class Guesser:
    """A thread that guesses: by SMTP in sessions of its own, or at the sign-in page."""

    def __init__(self, port):
        self.port = port
        self.here = local()

    def by_smtp(self, address, source):
        with socket.create_connection(
            ("127.0.0.1", self.port), timeout=60, source_address=(source, 0)
        ) as line:
            answers = line.makefile("rb")
            answers.readline()
            secret = base64.b64encode(f"\0{address}\0wrong".encode()).decode()
            line.sendall(b"HELO guesser\r\n")
            answers.readline()
            line.sendall(f"EHLO guesser\r\nAUTH PLAIN {secret}\r\n".encode())
            while not (answer := answers.readline()).startswith((b"235", b"5")):
                assert answer
            return answer[:3] == b"535"

    def by_web(self, address, source):
        response = Client(REMOTE_ADDR=source).post(
            "/login/", {"address": address, "password": "wrong"}
        )
        return response.status_code == 422

    def guess(self, act):
        way, address, source = act
        try:
            return getattr(self, way)(address, source)
        finally:
            connection.close()


def test_guessing_locks_exactly_as_set_up_and_never_from_an_allow_listed_address(
    running_server, transactional_db
):
    guessed = [AccountFactory() for _ in range(ACCOUNTS)]
    from_office = [AccountFactory() for _ in range(ACCOUNTS)]
    for account in (*guessed, *from_office):
        lockout_rule(account.organization, attempts=ALLOWED_TO_GUESS, lock_minutes=60 * 24)
        allow_listed(account.organization, OFFICE)
    chance = random.Random(19)
    acts = []
    for number in range(ATTEMPTS):
        way = ("by_smtp", "by_web")[number % 2]
        if chance.random() < 0.5:
            acts.append((way, guessed[number // 2 % ACCOUNTS].address, chance.choice(STREETS)))
        else:
            acts.append((way, from_office[number // 2 % ACCOUNTS].address, OFFICE))
    guesser = Guesser(running_server.ports["submission"])

    with ThreadPoolExecutor(THREADS) as pool:
        refused = list(pool.map(guesser.guess, acts))

    assert all(refused)
    results = Counter(SignInRecord.objects.values_list("account", "result"))
    assert sum(results.values()) == ATTEMPTS
    for account in guessed:
        tried = sum(address == account.address for _way, address, _source in acts)
        assert results[account.pk, "wrong_password"] == ALLOWED_TO_GUESS - 1
        assert results[account.pk, "locking"] == 1
        assert results[account.pk, "locked"] == tried - ALLOWED_TO_GUESS
    for account in from_office:
        tried = sum(address == account.address for _way, address, _source in acts)
        assert results[account.pk, "wrong_password"] == tried
    locked = set(Lockout.objects.exclude(locked_until=None).values_list("account", flat=True))
    assert locked == {account.pk for account in guessed}
