"""The policy service as a program: what it tells of itself, how it ends and starts anew."""

import http.client
import json
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from threading import Event

import psycopg2
import pytest
from django.db import connection
from psycopg2 import sql

from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER
from tests.mail_plane.servers import free_ports
from tests.processes import output_of, running, wait_until

PASSES, PUT_OFF = b"action=DUNNO\n\n", b"action=451 4.3.0 Temporary failure, try again later\n\n"
APPLICATION = "policy-that-is-tested"
TIMEOUT = 60


class Policy:
    """A running service, asked as Postfix asks."""

    def __init__(self, process, ports):
        self.process, self.ports = process, ports

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.ports["policy"]), TIMEOUT)

    def ask(self, recipient):
        with self.connect() as session:
            return asked(session, recipient)

    def get(self, path):
        with closing(http.client.HTTPConnection("127.0.0.1", self.ports["sign_in"])) as session:
            session.request("GET", path)
            answer = session.getresponse()
            return answer.status, answer.read().decode()

    def answers(self):
        assert self.process.poll() is None
        with suppress(OSError):
            return self.get("/healthz")[0] == 200
        return False

    def count(self, name):
        lines = self.get("/metrics")[1].splitlines()
        return float(next(line.split()[-1] for line in lines if line.startswith(name)))


def tell(session, recipient):
    session.sendall(f"sender={OUTSIDER}\nrecipient={recipient}\n\n".encode())


def asked(session, recipient):
    """The answer; empty where the session was ended."""
    with suppress(ConnectionError):
        tell(session, recipient)
        return session.recv(200)
    return b""


@pytest.fixture
def policy(transactional_db, tmp_path):
    with ExitStack() as held:
        ports = dict(zip(("policy", "senders", "sign_in"), free_ports(held), strict=False))
        names = {f"MAIL_PLANE_{name.upper()}_PORT": str(port) for name, port in ports.items()}
        arguments = ("manage.py", "run_mail_policy")
        with running(*arguments, var=tmp_path, PGAPPNAME=APPLICATION, **names) as process:
            policy = Policy(process, ports)
            wait_until(policy.answers)
            yield policy
            print(output_of(tmp_path).read_text())


@contextmanager
def questions_wait():
    """While the accounts are locked, nobody is told anything of them."""
    with closing(psycopg2.connect(**where("dbname"))) as session, session.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_account IN ACCESS EXCLUSIVE MODE")
        yield
        session.rollback()


@contextmanager
def database_away():
    """The service loses its connections and gets no new ones."""
    name = sql.Identifier(connection.settings_dict["NAME"])
    with closing(psycopg2.connect(**where("dbname") | {"dbname": "postgres"})) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            try:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                    "WHERE application_name = %s",
                    [APPLICATION],
                )
                yield
            finally:
                cursor.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def where(*names):
    known = connection.get_connection_params()
    return {name: known[name] for name in ("host", "port", "user", "password", *names)}


def waits_for_the_lock():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE application_name = %s AND wait_event_type = 'Lock'",
            [APPLICATION],
        )
        return cursor.fetchone()[0]


def test_it_tells_how_it_is_and_what_it_has_answered(policy):
    account = AccountFactory()
    policy.ask(account.address)
    policy.ask(f"nobody@{account.domain.name}")

    health, metrics = policy.get("/healthz"), policy.get("/metrics")[1]

    assert (health[0], json.loads(health[1])) == (200, {"database": True})
    lines = set(metrics.splitlines())
    assert lines >= {
        "# TYPE mail_policy_answers_total counter",
        'mail_policy_answers_total{answer="passed"} 1',
        'mail_policy_answers_total{answer="refused"} 1',
        'mail_policy_answers_total{answer="put_off"} 0',
        'mail_policy_answer_seconds_bucket{le="+Inf"} 2',
        "mail_policy_answer_seconds_count 2",
        "mail_policy_waiting 0",
        "mail_policy_queries_total 2",
        "mail_policy_failed_queries_total 0",
    }
    assert account.domain.name not in metrics


def test_without_the_database_mail_is_put_off_and_afterwards_it_flows(policy):
    account = AccountFactory()
    with policy.connect() as session:
        before = asked(session, account.address)
        with database_away():
            meanwhile = asked(session, account.address)
            health = policy.get("/healthz")[0]
        after = asked(session, account.address)

    assert [before, meanwhile, after] == [PASSES, PUT_OFF, PASSES]
    assert health == 503
    assert policy.get("/healthz")[0] == 200
    assert policy.count("mail_policy_failed_queries_total") == 1


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGHUP])
def test_what_was_asked_is_answered_before_it_ends(policy, name):
    account = AccountFactory()
    with policy.connect() as session, policy.connect() as idle:
        asked(idle, account.address)
        with questions_wait():
            tell(session, account.address)
            wait_until(waits_for_the_lock)
            policy.process.send_signal(name)
            hung_up_on = idle.recv(200)
        answers = [session.recv(200), session.recv(200)]

    assert hung_up_on == b""
    assert answers == [PASSES, b""]


def test_asked_to_end_it_ends(policy):
    policy.process.send_signal(signal.SIGTERM)

    assert policy.process.wait(TIMEOUT) == 0


def test_while_it_starts_anew_nobody_is_refused(policy):
    account = AccountFactory()
    started_at = policy.count("mail_policy_start_time_seconds")
    is_over = Event()

    def ask_on():
        """As Postfix does: hung up on, it asks once more on a new connection."""
        answers = []
        while not is_over.is_set():
            with policy.connect() as session:
                answers.append(asked(session, account.address) or policy.ask(account.address))
        return answers

    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(ask_on)
        policy.process.send_signal(signal.SIGHUP)
        try:
            wait_until(lambda: policy.count("mail_policy_start_time_seconds") != started_at)
        finally:
            is_over.set()
        answers = asking.result(TIMEOUT)

    assert set(answers) == {PASSES}
    assert policy.process.poll() is None
