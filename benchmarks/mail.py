"""Mail and sign-ins through the real servers, with our policy and password hash and without."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from imaplib import IMAP4
from pathlib import Path

from accounts.hashers import MailArgon2PasswordHasher
from benchmarks.dataset import LARGE, administrator, prepare_organizations
from benchmarks.hashing import hashes_per_second
from benchmarks.measure import Report
from tests.mail_plane.names import Zone, serving
from tests.mail_plane.servers import RealServers, what_is_missing
from tests.processes import wait_until

SESSIONS = 8
MESSAGES, WARM_UP, ROUNDS = 400, 50, 3
SIZE_BYTES = 4096
SENDER = "friend@elsewhere.example"
PASSWORD = "bench-password-1"
CLIENTS, SECONDS = 4, 5.0
# As they stand in main.cf: our service first, Dovecot's quota behind it.
OUR_CHECK = re.compile(r"check_policy_service \{.*?\}\s*\}", re.DOTALL)
PASSDB = re.compile(r"^passdb \{.*?^\}\n", re.DOTALL | re.MULTILINE)
AUTH_POLICY = re.compile(r"^auth_policy_.*\n", re.MULTILINE)
PLAIN_PASSDB = f"passdb {{\n  driver = static\n  args = password={{PLAIN}}{PASSWORD}\n}}\n"


def measure(report: Report) -> None:
    if missing := what_is_missing():
        print(f"Mail is left out: {missing}.", flush=True)
        return
    prepare_organizations()
    account = administrator(LARGE)
    account.set_password(PASSWORD)
    account.save(update_fields=["password"])
    with running() as servers:
        measure_messages(report, servers, account.address)
        measure_sign_ins(report, servers, account.address)


@contextmanager
def running() -> Iterator[RealServers]:
    with serving(Zone()) as nameserver:
        servers = RealServers(smart_host="127.0.0.1:9", nameserver=nameserver)
        servers.start()
        try:
            yield servers
        finally:
            servers.stop()


def measure_messages(report: Report, servers: RealServers, recipient: str) -> None:
    checks = told(servers, "smtpd_recipient_restrictions")
    milters = told(servers, "smtpd_milters")
    others = OUR_CHECK.sub("", checks, count=1)
    rows = []
    for what, milter in (("", milters), (", without Rspamd and ClamAV", "")):
        ours, bare = compared(servers, recipient, (checks, others), milter)
        rows.append(
            (
                f"messages per second, from the first to the last one stored{what}",
                f"{ours:.0f}",
                f"{bare:.0f}",
                f"{ours / bare:.2f}",
                "" if what else "0.90 at least",
            )
        )
    report.add(
        f"Mail through Postfix and Dovecot, {SIZE_BYTES:,} bytes, {SESSIONS} sessions, "
        "1,000,000 accounts",
        rows,
        note="Baseline: the same servers without our policy service. "
        f"Medians of {ROUNDS} runs by turns of {MESSAGES} messages.",
    )


def told(servers: RealServers, parameter: str) -> str:
    command = ["/usr/sbin/postconf", "-c", servers.postfix_config, "-h", parameter]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def compared(
    servers: RealServers, recipient: str, variants: tuple[str, ...], milters: str
) -> list[float]:
    """Messages per second with each of the checks at RCPT."""
    rates: list[list[float]] = [[] for _ in variants]
    for _ in range(ROUNDS):
        for kept, checks in zip(rates, variants, strict=True):
            tell(servers, smtpd_recipient_restrictions=checks, smtpd_milters=milters)
            send(servers, recipient, WARM_UP)
            start = time.perf_counter()
            send(servers, recipient, MESSAGES)
            kept.append(MESSAGES / (time.perf_counter() - start))
    return [statistics.median(kept) for kept in rates]


def tell(servers: RealServers, **parameters: str) -> None:
    told = [f"{name} = {value}" for name, value in parameters.items()]
    command = ["/usr/sbin/postconf", "-c", servers.postfix_config, "-e", *told]
    subprocess.run(command, check=True)
    servers.reload_postfix()


def send(servers: RealServers, recipient: str, count: int) -> None:
    """Come back when all are stored."""
    limits = ["-s", str(SESSIONS), "-m", str(count), "-l", str(SIZE_BYTES)]
    addresses = ["-f", SENDER, "-t", recipient]
    target = f"127.0.0.1:{servers.ports['smtp']}"
    subprocess.run(["/usr/sbin/smtp-source", *limits, *addresses, target], check=True)
    wait_until(servers.queue_is_empty)
    assert not servers.deferred(), servers.log[-2000:]


def measure_sign_ins(report: Report, servers: RealServers, address: str) -> None:
    ours = sign_ins_per_second(servers, address)
    with plain_dovecot(servers):
        plain = sign_ins_per_second(servers, address)
    hasher = MailArgon2PasswordHasher()
    costs = (hasher.time_cost, hasher.memory_cost, hasher.parallelism)
    alone = hashes_per_second(costs, 40 * (os.cpu_count() or 1))
    beside = (("Dovecot's plain scheme", plain), ("Argon2id alone on all cores", alone))
    report.add(
        f"Sign-ins by IMAP, {CLIENTS} clients, 1,000,000 accounts",
        [
            (
                f"sign-ins per second, beside {what}",
                f"{ours:.0f}",
                f"{rate:.0f}",
                f"{ours / rate:.2f}",
                "",
            )
            for what, rate in beside
        ],
        note="Ours: Argon2id, every rule asked of the database, each attempt counted and "
        "written down. Plain: a password in Dovecot's configuration, nothing asked or counted.",
    )


@contextmanager
def plain_dovecot(servers: RealServers) -> Iterator[None]:
    """Dovecot with a password of its own for everybody, and without our listener."""
    path = Path(servers.home, "config/dovecot/dovecot.conf")
    ours = path.read_text()
    path.write_text(AUTH_POLICY.sub("", PASSDB.sub("", ours)) + PLAIN_PASSDB)
    restart_dovecot(servers)
    yield
    path.write_text(ours)
    restart_dovecot(servers)


def restart_dovecot(servers: RealServers) -> None:
    servers.stop_one("dovecot")
    servers.start_one("dovecot")
    servers.wait_for("imap", "sasl", "lmtp", "quota")


def sign_ins_per_second(servers: RealServers, address: str) -> float:
    def work(seconds: float) -> int:
        done, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            with IMAP4("127.0.0.1", servers.ports["imap"], timeout=30) as session:
                session.login(address, PASSWORD)
            done += 1
        return done

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, [0.5] * CLIENTS))
        start = time.perf_counter()
        done = sum(pool.map(work, [SECONDS] * CLIENTS))
        return done / (time.perf_counter() - start)
