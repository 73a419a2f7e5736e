"""What Rspamd asks of our listener."""

import base64
import http.client
import json

import pytest

from mail_server.models import ScanVerdict
from mail_server.plane.config import rspamd_key, rules_key, sign_in_key
from mail_server.plane.sign_in_listener import SignInListener
from security.models import SpamRule
from security.services.dkim import activate_dkim_key, make_dkim_key
from tests.factories.accounts import AccountFactory, system_operator
from tests.factories.orgs import DomainFactory

pytestmark = pytest.mark.django_db(transaction=True)


def basic(key):
    return {"Authorization": "Basic " + base64.b64encode(f"rspamd:{key}".encode()).decode()}


@pytest.fixture
def ask():
    """GET of a path: status and text."""
    listener = SignInListener("127.0.0.1", 0)
    listener.start()
    session = http.client.HTTPConnection("127.0.0.1", listener.server_port, timeout=60)

    tags = {}

    def request(path, headers=None, *, method="GET", body=None):
        shown = basic(rspamd_key()) if headers is None else headers
        session.request(method, path, body, shown)
        answer = session.getresponse()
        tags[path] = answer.headers["ETag"]
        return answer.status, answer.read().decode()

    request.tags = tags
    yield request
    session.close()
    listener.close()


def test_the_key_of_a_domain_is_told_as_a_vault_tells_it(ask):
    domain = DomainFactory()
    key = make_dkim_key(domain=domain, actor=system_operator())
    activate_dkim_key(key=key, actor=system_operator())

    status, text = ask(f"/internal/v1/dkim/{domain.name}", {"X-Vault-Token": rspamd_key()})

    told = [{"selector": key.selector, "key": key.private_key}]
    assert (status, json.loads(text)) == (200, {"data": {"selectors": told}})


@pytest.mark.parametrize("is_made", [False, True])
def test_a_domain_without_a_key_that_signs_has_none_to_tell(ask, is_made):
    domain = DomainFactory()
    if is_made:
        make_dkim_key(domain=domain, actor=system_operator())

    assert json.loads(ask(f"/internal/v1/dkim/{domain.name}")[1]) == {"data": {"selectors": []}}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Vault-Token": "guessed"},
        {"X-Vault-Token": sign_in_key()},
        {"X-Platform-Key": rspamd_key()},
        {"Authorization": "Basic"},
        {"Authorization": "Basic ü"},
        basic("guessed"),
        basic(""),
    ],
)
def test_who_has_no_key_is_told_nothing(ask, headers):
    assert ask(f"/internal/v1/dkim/{DomainFactory().name}", headers) == (401, "")


def test_what_is_not_there_is_said(ask):
    assert ask("/internal/elsewhere")[0] == 404


def test_a_verdict_is_taken(ask):
    body = json.dumps({"qid": "4jY9Lw1F2zzLqXh", "action": "reject", "score": 15.5})

    assert ask("/internal/scans", method="POST", body=body) == (204, "")
    assert ScanVerdict.objects.get().score == 15.5


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", "7"])
def test_what_is_no_verdict_is_refused_and_the_listener_goes_on(ask, body):
    assert ask("/internal/scans", method="POST", body=body)[0] == 400
    assert ask("/internal/elsewhere", method="POST", body="{}")[0] == 404


def test_a_verdict_of_who_has_no_key_is_not_taken(ask):
    body = json.dumps({"qid": "4jY9Lw1F2zzLqXh", "score": 0})

    assert ask("/internal/scans", basic("guessed"), method="POST", body=body)[0] == 401
    assert not ScanVerdict.objects.exists()


RULES = "/internal/spam-settings"


def test_rules_are_told_to_who_has_the_key_for_them(ask):
    rule = SpamRule.objects.create(organization=DomainFactory().organization)

    status, text = ask(RULES, basic(rules_key()))

    assert status == 200
    assert f"3-rule-{rule.pk}" in json.loads(text)
    assert ask(RULES, basic(rspamd_key())) == (401, "")


def test_the_key_for_rules_opens_no_other_door(ask):
    assert ask(f"/internal/v1/dkim/{DomainFactory().name}", basic(rules_key())) == (401, "")


def test_rules_that_are_known_are_not_told_again(ask):
    ask(RULES, basic(rules_key()))
    known = basic(rules_key()) | {"If-None-Match": ask.tags[RULES]}
    again = ask(RULES, known)
    tag = ask.tags[RULES]
    SpamRule.objects.create(organization=DomainFactory().organization)

    assert again == (304, "")
    assert known["If-None-Match"] == tag
    assert ask(RULES, known)[0] == 200


def test_whether_there_is_something_new_can_be_asked_alone(ask):
    assert ask(RULES, basic(rules_key()), method="HEAD") == (200, "")
    assert ask(RULES, basic(rules_key()))[0] == 200


def ask_recipients(ask, **told):
    known = {"queue_id": "4jY9TG4YqszLqYF", "sender": "", "recipients": []}
    status, text = ask("/internal/recipients", method="POST", body=json.dumps(known | told))
    return status, json.loads(text or "{}")


def test_the_recipients_of_a_member_are_replaced_by_whom_they_stand_for(ask):
    member = AccountFactory(mailbox__forwarding_allowed=True, mailbox__keep_copy=False)
    member.mailbox.forward_to = ["home@private.example"]
    member.mailbox.save()
    typed = [member.address.upper(), "friend@elsewhere.example"]

    status, answer = ask_recipients(
        ask, login=member.address, sender=member.address, recipients=typed
    )

    assert status == 200
    assert answer == {"remove": [member.address.upper()], "add": ["home@private.example"]}


def test_recipients_who_stand_for_themselves_stay_as_they_are(ask):
    member = AccountFactory()

    _status, answer = ask_recipients(
        ask, login=member.address, sender=member.address, recipients=[member.address.upper()]
    )

    assert answer == {"remove": [], "add": []}


@pytest.mark.parametrize(
    "told", [{}, {"login": "gone@nowhere.example"}, {"login": "x", "recipients": 1}]
)
def test_who_is_not_known_reaches_nobody(ask, told):
    assert ask_recipients(ask, **told)[0] == 400
