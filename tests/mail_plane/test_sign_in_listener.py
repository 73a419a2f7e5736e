"""What Dovecot tells of a sign-in, and what becomes of it."""

import http.client
import json

import pytest
from django.db.utils import OperationalError

from mail_server.plane import sign_in_listener
from mail_server.plane.config import sign_in_key
from mail_server.plane.sign_in_listener import ALLOW, REPORT, SignInListener
from security.choices import SignInResult
from security.models import SignInRecord
from tests.factories.accounts import AccountFactory
from tests.factories.security import locked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tell():
    """Sends a request to a listener of our own: its status and the JSON it answers."""
    listener = SignInListener("127.0.0.1", 0)
    listener.start()
    session = http.client.HTTPConnection("127.0.0.1", listener.server_port, timeout=60)

    def request(path, told=None, *, method="POST", key=None):
        body = json.dumps(told).encode() if isinstance(told, dict) else told
        session.request(method, path, body, {"X-Platform-Key": key or sign_in_key()})
        answer = session.getresponse()
        return answer.status, json.loads(answer.read())

    yield request
    session.close()
    listener.close()


def attempt(account, **more):
    return {"login": account.address, "remote": "192.0.2.7", "protocol": "imap"} | more


def results():
    return list(SignInRecord.objects.order_by("id").values_list("result", flat=True))


def test_a_right_password_is_written_down_once(tell):
    account = AccountFactory()

    allowed = tell(ALLOW, attempt(account))
    tell(REPORT, attempt(account, success=True))

    assert allowed == (200, {"status": 0, "msg": ""})
    assert results() == [SignInResult.SUCCESS]


def test_a_right_password_that_comes_after_the_lock_opens_nothing(tell):
    account = AccountFactory()
    locked(account)

    allowed = tell(ALLOW, attempt(account))
    tell(REPORT, attempt(account, success=False, policy_reject=True))

    assert allowed[1]["status"] == -1
    assert results() == [SignInResult.LOCKED]


def test_a_wrong_password_counts(tell):
    account = AccountFactory()

    tell(REPORT, attempt(account, success=False, policy_reject=False))

    assert results() == [SignInResult.WRONG_PASSWORD]
    assert len(account.lockout.failed_at) == 1


def test_what_is_no_sign_in_of_a_member_is_let_through_unrecorded(tell):
    assert tell(ALLOW, attempt(AccountFactory(), protocol="doveadm"))[1]["status"] == 0
    assert results() == []


def test_who_has_no_key_is_not_heard(tell):
    assert tell(REPORT, attempt(AccountFactory()), key="guessed")[0] == 401
    assert results() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'"x"'])
def test_what_cannot_be_read_is_refused_and_the_listener_goes_on(tell, body):
    assert tell(ALLOW, body)[0] == 400
    assert tell(ALLOW, attempt(AccountFactory()))[0] == 200


def test_health_is_whether_the_database_answers(tell, monkeypatch):
    assert tell("/healthz", method="GET") == (200, {"database": True})

    def away():
        raise OperationalError

    monkeypatch.setattr(sign_in_listener, "close_old_connections", away)

    assert tell("/healthz", method="GET") == (503, {"database": False})
    assert tell(ALLOW, attempt(AccountFactory()))[0] == 503
