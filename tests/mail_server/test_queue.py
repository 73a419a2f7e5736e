"""The queue: what was accepted is delivered once, whatever happens in between."""

import smtplib
import threading
from datetime import timedelta
from email.policy import SMTP

import pytest
import time_machine
from django.utils import timezone

from mail_server import spool
from mail_server.choices import DeliveryState
from mail_server.models import Delivery, QueuedMessage
from mail_server.policy import Sender
from mail_server.services import delivery as service
from mail_server.services.delivery import GIVE_UP_AFTER, drain
from mail_server.services.queue import accept
from mail_server.services.submission import send_system_letter, submit
from mail_server.stores import mail_store
from tests.factories.accounts import AccountFactory
from tests.mail_server.conftest import inbox, letter, subjects
from tests.mail_server.sink import Sink, listening

pytestmark = pytest.mark.django_db(transaction=True)


def queue(*recipients, sender="friend@elsewhere.example"):
    return accept(
        letter().as_bytes(policy=SMTP), sender=Sender(envelope=sender), recipients=recipients
    )


@pytest.fixture
def smart_host(settings):
    sink = Sink()
    with listening(sink) as settings.SMART_HOST:
        yield sink


def test_a_crash_after_storing_and_before_writing_it_down_makes_no_second_copy(monkeypatch):
    account = AccountFactory()
    queue(account.address)

    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(service, "_record", killed)
        with pytest.raises(Killed):
            drain()
    assert len(inbox(account)) == 1
    drain()

    assert len(inbox(account)) == 1
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_what_was_accepted_and_not_delivered_is_delivered_later():
    account = AccountFactory()
    message = queue(account.address)
    assert subjects(account) == []

    assert drain() == 1

    assert subjects(account) == ["Greetings"]
    assert not spool.path_of(message.queue_id).exists()


def test_two_workers_share_the_queue_without_a_double():
    accounts = [AccountFactory() for _ in range(6)]
    for _ in range(5):
        queue(*(account.address for account in accounts))

    def work():
        from django.db import connection

        drain()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [len(inbox(account)) for account in accounts] == [5] * 6


def test_the_smart_host_gets_mail_for_the_outside(smart_host):
    account = AccountFactory()

    result = submit(letter(sender=account.address), account=account, recipients=["x@out.example"])

    ((sender, recipients, _content),) = smart_host.received
    assert (sender, recipients) == (account.address, ["x@out.example"])
    assert result.message.deliveries.get().state == DeliveryState.DELIVERED


def test_a_refusal_by_the_smart_host_comes_back_to_the_sender(smart_host):
    smart_host.answer = "550 5.1.1 no such person"
    account = AccountFactory()

    submit(letter(sender=account.address), account=account, recipients=["x@out.example"])
    drain()

    (envelope,) = inbox(account)
    report = mail_store().read(account.mailbox.store_path, "INBOX", envelope.key)
    assert envelope.subject == "退信：Greetings"
    assert b"Final-Recipient: rfc822; x@out.example" in report
    assert b"Status: 5.1.1" in report
    assert b"multipart/report" in report


def test_a_bounce_is_never_bounced(smart_host):
    smart_host.answer = "550 5.1.1 no such person"
    accept(
        letter().as_bytes(),
        sender=Sender(envelope="", account_id=None, organization_id=None),
        recipients=["x@out.example"],
    )

    drain()

    assert QueuedMessage.objects.count() == 1


def test_a_busy_smart_host_is_asked_again_later_and_given_up_in_the_end(smart_host):
    smart_host.answer = "451 4.3.0 later"
    account = AccountFactory()
    submit(letter(sender=account.address), account=account, recipients=["x@out.example"])
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.attempts) == (DeliveryState.DEFERRED, 1)
    assert drain() == 0

    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=True):
        smart_host.answer = "250 OK"
        drain()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (DeliveryState.DELIVERED, 2)


def test_an_address_in_another_script_reaches_a_smart_host_that_takes_it(smart_host):
    account = AccountFactory()

    submit(letter(sender=account.address), account=account, recipients=["用户@例子.example"])

    ((_sender, recipients, _content),) = smart_host.received
    assert recipients == ["用户@例子.example"]


def test_an_address_in_another_script_comes_back_where_the_smart_host_takes_none(
    smart_host, monkeypatch
):
    monkeypatch.setattr(smtplib.SMTP, "has_extn", lambda self, name: name != "smtputf8")
    account = AccountFactory()

    submit(letter(sender=account.address), account=account, recipients=["用户@例子.example"])

    first = Delivery.objects.order_by("pk")[0]
    assert (first.state, first.reply[:9]) == (DeliveryState.BOUNCED, "550 5.6.7")


def test_what_looks_like_an_end_of_data_reaches_the_smart_host_as_text(smart_host):
    account = AccountFactory()
    body = b"Subject: x\r\n\r\nHello\n.\nMAIL FROM:<boss@bank.example>\r.\r\nQUIT\r\n"

    accept(body, sender=Sender(envelope=account.address), recipients=["x@out.example"])
    drain()

    ((_sender, _recipients, content),) = smart_host.received
    assert content.split() == body.split()


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("friend@elsewhere.example", b"\xff\xfe\r\n folded"),
        ("friend@elsewhere.example", b"=?utf-8?b?5L2g?=\x0b\x0c\xc2\x85"),
        ("friend@elsewhere.example", b"=?utf-8?q?a=0D=0ABcc:_x@y.example?="),
        ("用户@例子.example", b"x"),
        ('"a b"@elsewhere.example', b"x"),
        ("a,b;c<d>@elsewhere.example", b"x"),
        ("x" * 200 + "@elsewhere.example", b"x" * 5000),
    ],
)
def test_a_bounce_is_made_whatever_the_message_looked_like(sender, subject):
    account = AccountFactory(mailbox__quota_bytes=1000)
    content = b"Subject: " + subject + b"\r\n\r\n" + b"x" * 2000

    accept(content, sender=Sender(envelope=sender), recipients=[account.address])
    drain()

    first, notice = Delivery.objects.order_by("pk")
    assert (first.state, notice.recipient) == (DeliveryState.BOUNCED, sender)
    assert b"\nBcc:" not in spool.read(notice.message.queue_id)


def test_a_message_that_cannot_be_handled_holds_up_no_other(monkeypatch):
    account = AccountFactory()
    poison = queue(account.address)
    attempt = service._attempt

    def fail_for_one(delivery):
        if delivery.message_id == poison.pk:
            raise ZeroDivisionError
        return attempt(delivery)

    monkeypatch.setattr(service, "_attempt", fail_for_one)
    queue(account.address)

    drain()

    assert subjects(account) == ["Greetings"]
    assert poison.deliveries.get().state == DeliveryState.DEFERRED

    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=True):
        drain()
    assert len(subjects(account)) == 2


def test_after_five_days_the_sender_is_told(settings):
    settings.SMART_HOST = "127.0.0.1:9"  # nobody listens
    account = AccountFactory()
    submit(letter(sender=account.address), account=account, recipients=["x@out.example"])

    with time_machine.travel(timezone.now() + GIVE_UP_AFTER + timedelta(hours=1), tick=True):
        drain()
        drain()

    assert subjects(account) == ["退信：Greetings"]


def test_a_letter_of_the_platform_arrives_once_for_each_key():
    account = AccountFactory(mailbox__receive_scope="internal")
    message = letter("Welcome", sender="post@platform.example")

    for _ in range(3):
        send_system_letter(message, to=account.address, key=f"welcome-{account.pk}")

    assert subjects(account) == ["Welcome"]


def test_a_refused_sender_is_told_and_nothing_is_queued():
    from mail_server.services.submission import SenderRefused

    account = AccountFactory(mailbox__send_scope="none")

    with pytest.raises(SenderRefused, match="550 5\\.7\\.1"):
        submit(letter(sender=account.address), account=account, recipients=["x@out.example"])

    assert not QueuedMessage.objects.exists()


def test_a_hundred_idle_sessions_do_not_keep_others_out(running_server, smtp):
    account = AccountFactory()
    idle = [smtplib.SMTP("127.0.0.1", running_server.ports["smtp"]) for _ in range(100)]

    with smtplib.SMTP("127.0.0.1", running_server.ports["smtp"]) as session:
        session.sendmail("a@elsewhere.example", [account.address], letter().as_bytes(policy=SMTP))

    assert subjects(account) == ["Greetings"]
    for session in idle:
        session.close()
