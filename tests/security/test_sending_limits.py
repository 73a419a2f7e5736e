"""The page of sending limits, and what comes of it."""

from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pytest
from django.db import connection
from django.urls import reverse

from admin_platform.models import AuditRecord
from mail_server.policy import LIMIT_REACHED, OK, take_recipient
from mail_server.services.submission import submit
from security.models import SendingLimit
from tests.factories.accounts import AccountFactory, grant_functions

PAGE, SAVE = reverse("sending-limits"), reverse("sending-limits-save")


@pytest.fixture
def administrator(db, client):
    account = AccountFactory()
    grant_functions(account, "sending_limit.view", "sending_limit.manage")
    client.force_login(account)
    return account


def message_of(account):
    message = EmailMessage()
    message["From"], message["Subject"] = account.address, "Greetings"
    message.set_content("Hello")
    return message


@pytest.mark.django_db
def test_what_is_saved_refuses_in_the_webmail_too(client, administrator):
    answer = client.post(SAVE, {"hourly": "1", "daily": ""})
    other = AccountFactory(organization=administrator.organization).address

    sent = submit(
        message_of(administrator),
        account=administrator,
        recipients=[administrator.address, other],
    )

    assert answer.status_code == 302
    assert sent.refused == {other: LIMIT_REACHED}
    record = AuditRecord.objects.get(action="sending_limit.changed")
    assert (record.before, record.after) == ({"hourly": None}, {"hourly": 1})


def test_an_impossible_limit_is_refused_and_stays_in_the_form(client, administrator):
    answer = client.post(SAVE, {"hourly": "0", "daily": "7"})

    assert answer.status_code == 422
    assert 'value="7"' in answer.content.decode()
    assert not SendingLimit.objects.exists()


def test_a_limit_is_taken_away_by_an_empty_field(client, administrator):
    client.post(SAVE, {"hourly": "1", "daily": "1"})
    client.post(SAVE, {"hourly": "", "daily": ""})

    assert [take_recipient(administrator.pk, OK) for _ in range(3)] == [OK] * 3


def test_who_only_sees_it_cannot_save(client, db):
    account = AccountFactory()
    grant_functions(account, "sending_limit.view")
    client.force_login(account)

    assert client.get(PAGE).status_code == 200
    assert b"disabled" in client.get(PAGE).content
    assert client.post(SAVE, {"hourly": "1"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_recipients_at_the_same_moment_do_not_pass_the_limit_together():
    account = AccountFactory()
    SendingLimit.objects.create(organization=account.organization, hourly=5, daily=5)

    def take(_number):
        verdict = take_recipient(account.pk, OK)
        connection.close()
        return verdict

    with ThreadPoolExecutor(6) as threads:
        verdicts = list(threads.map(take, range(30)))

    assert verdicts.count(OK) == 5
