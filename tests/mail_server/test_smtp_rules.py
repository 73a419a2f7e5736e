"""Every rule of the console, in a real SMTP session with a real refusal code."""

import base64
import smtplib
from datetime import timedelta
from email.policy import SMTP

import pytest
from django.utils import timezone

from accounts.choices import AccountStatus
from apps_center.models import BackupRule
from mail_server.choices import DeliveryState
from mail_server.models import Delivery
from mail_server.services.delivery import drain
from orgs.models import Domain
from tests.factories.accounts import AccountFactory, alias
from tests.mail_server.conftest import letter, send, subjects

OUTSIDER = "friend@elsewhere.example"


def colleague_of(account, **fields):
    return AccountFactory(organization=account.organization, domain=account.domain, **fields)


def test_mail_from_outside_reaches_the_mailbox(smtp):
    account = AccountFactory()

    answers = send(smtp(), OUTSIDER, account.address, message=letter("你好，世界"))

    assert answers[0][0] == 250
    assert subjects(account) == ["你好，世界"]
    account.mailbox.refresh_from_db()
    assert account.mailbox.usage_bytes > 0


def test_an_alias_and_a_domain_alias_reach_the_mailbox_and_one_person_gets_one_copy(smtp):
    account = AccountFactory()
    alias(account, f"boss@{account.domain.name}")
    Domain.objects.create(
        organization=account.organization, name="other.example", alias_of=account.domain
    )

    send(
        smtp(),
        OUTSIDER,
        account.address,
        f"boss@{account.domain.name}",
        f"{account.local_part.upper()}@Other.Example",
    )

    assert subjects(account) == ["Greetings"]


def test_an_unknown_recipient_is_refused_and_the_others_are_not(smtp):
    account = AccountFactory()

    answers = send(smtp(), OUTSIDER, f"nobody@{account.domain.name}", account.address)

    assert answers[0] == (550, "5.1.1 No such mailbox here")
    assert subjects(account) == ["Greetings"]


def test_an_unknown_recipient_in_a_domain_alias_is_refused(smtp):
    account = AccountFactory()
    Domain.objects.create(
        organization=account.organization, name="alias.example", alias_of=account.domain
    )

    assert send(smtp(), OUTSIDER, "nobody@alias.example")[0][0] == 550


def test_mail_for_others_is_not_relayed(smtp):
    AccountFactory()

    answers = send(smtp(), OUTSIDER, "stranger@nowhere.example")

    assert answers == [(554, "5.7.1 Relay access denied")]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"status": AccountStatus.DISABLED}, "5.2.1 Mailbox disabled"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "5.2.1 Mailbox expired"),
        ({"deleted_at": timezone.now()}, "5.2.1 Mailbox disabled"),
        ({"mailbox": False}, "5.1.1 No mailbox here by that name"),
    ],
)
def test_an_account_out_of_use_is_refused_also_by_its_alias(smtp, fields, text):
    account = AccountFactory(**fields)
    by_alias = alias(account, f"boss@{account.domain.name}")

    answers = send(smtp(), OUTSIDER, account.address, by_alias.address)

    assert answers == [(550, text), (550, text)]


def test_a_frozen_account_signs_in_nowhere_but_its_mail_is_kept(smtp):
    account = AccountFactory(status=AccountStatus.FROZEN)

    assert send(smtp(), OUTSIDER, account.address)[0][0] == 250
    assert subjects(account) == ["Greetings"]
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp(account)


def test_forwarding_with_a_copy_reaches_both(smtp):
    target = AccountFactory()
    account = colleague_of(
        target, mailbox__forwarding_allowed=True, mailbox__forward_to=[target.address]
    )

    send(smtp(), OUTSIDER, account.address)

    assert (subjects(account), subjects(target)) == (["Greetings"], ["Greetings"])


def test_forwarding_without_a_copy_reaches_the_target_alone(smtp):
    target = AccountFactory()
    account = colleague_of(
        target,
        mailbox__forwarding_allowed=True,
        mailbox__forward_to=[target.address],
        mailbox__keep_copy=False,
    )

    send(smtp(), OUTSIDER, account.address)

    assert (subjects(account), subjects(target)) == ([], ["Greetings"])


def test_forwarding_that_is_not_allowed_does_nothing(smtp):
    target = AccountFactory()
    account = colleague_of(
        target,
        mailbox__forwarding_allowed=False,
        mailbox__forward_to=[target.address],
        mailbox__keep_copy=False,
    )

    send(smtp(), OUTSIDER, account.address)

    assert (subjects(account), subjects(target)) == (["Greetings"], [])


def test_a_forwarding_loop_ends_with_one_copy_each(smtp):
    first = AccountFactory(mailbox__forwarding_allowed=True)
    second = colleague_of(
        first, mailbox__forwarding_allowed=True, mailbox__forward_to=[first.address]
    )
    first.mailbox.forward_to = [second.address]
    first.mailbox.save()

    send(smtp(), OUTSIDER, first.address)

    assert (subjects(first), subjects(second)) == (["Greetings"], ["Greetings"])


def test_forwarding_to_the_outside_is_held_where_no_smart_host_is_set(smtp):
    account = AccountFactory(
        mailbox__forwarding_allowed=True, mailbox__forward_to=["home@private.example"]
    )

    send(smtp(), OUTSIDER, account.address)

    held = Delivery.objects.get(mailbox=None)
    assert (held.recipient, held.state) == ("home@private.example", DeliveryState.HELD)


def test_a_full_mailbox_is_refused(smtp):
    account = AccountFactory(mailbox__quota_bytes=1000, mailbox__usage_bytes=1000)

    assert send(smtp(), OUTSIDER, account.address) == [(552, "5.2.2 Mailbox is full")]


def test_a_declared_size_beyond_the_room_left_is_refused_at_once(smtp):
    account = AccountFactory(mailbox__quota_bytes=10_000)
    session = smtp()

    session.mail(OUTSIDER, ["SIZE=20000"])

    assert session.rcpt(account.address)[0] == 552


def test_an_undeclared_size_beyond_the_room_left_bounces_to_the_sender(smtp):
    sender = AccountFactory()
    account = colleague_of(sender, mailbox__quota_bytes=2000)

    send(smtp(sender), sender.address, account.address, message=letter(
        sender=sender.address, body="x\n" * 3000))  # fmt: skip
    drain()

    assert subjects(account) == []
    assert subjects(sender) == ["退信：Greetings"]


def test_a_message_over_the_limit_is_refused(smtp, settings, running_server):
    account = AccountFactory()
    settings.MAIL_MESSAGE_MAX_BYTES = 1000
    session = smtp()

    session.mail(OUTSIDER)
    session.rcpt(account.address)
    code, _text = session.data(letter(body="y\n" * 3000).as_bytes(policy=SMTP))

    assert code == 552
    assert subjects(account) == []


def test_an_own_address_as_sender_needs_a_sign_in(smtp):
    account = AccountFactory()

    code, text = smtp().mail(account.address)

    assert (code, text.decode()[:5]) == (553, "5.7.1")


def test_submission_without_a_sign_in_is_refused(smtp, running_server):
    with smtplib.SMTP("127.0.0.1", running_server.ports["submission"]) as session:
        session.ehlo()

        assert session.mail("anybody@anywhere.example")[0] == 530


def test_the_incoming_port_offers_no_sign_in(smtp):
    assert not smtp().has_extn("auth")


def test_a_wrong_password_is_refused(smtp):
    account = AccountFactory()

    with pytest.raises(smtplib.SMTPAuthenticationError) as refusal:
        smtp(account, "wrong")

    assert refusal.value.smtp_code == 535


@pytest.mark.parametrize(
    "fields", [{"status": AccountStatus.DISABLED}, {"mailbox__smtp_enabled": False}]
)
def test_a_sign_in_that_the_console_denies_is_refused(smtp, fields):
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp(AccountFactory(**fields))


def test_both_ways_to_sign_in_work(smtp, running_server):
    account = AccountFactory()
    user, password = account.address, "Quiet-Harbour-19"
    for method in ("auth_plain", "auth_login"):
        session = smtplib.SMTP("127.0.0.1", running_server.ports["submission"])
        session.ehlo()
        session.user, session.password = user, password
        name = method.removeprefix("auth_").upper()

        assert session.auth(name, getattr(session, method))[0] == 235
        session.quit()


def test_one_sends_as_oneself_and_ones_aliases_only(smtp):
    account = AccountFactory()
    other = colleague_of(account)
    own = alias(account, f"boss@{account.domain.name}")
    session = smtp(account)

    assert session.mail(own.address)[0] == 250
    session.rset()
    assert session.mail(other.address)[0] == 553
    session.rset()
    assert session.mail("somebody@elsewhere.example")[0] == 553


def test_who_may_not_send_is_refused(smtp):
    account = AccountFactory(mailbox__send_scope="none")

    assert smtp(account).mail(account.address)[0] == 550


def test_who_sends_inside_only_reaches_no_one_else(smtp):
    account = AccountFactory(mailbox__send_scope="internal")
    colleague, foreign = colleague_of(account), AccountFactory()

    answers = send(
        smtp(account), account.address, colleague.address, foreign.address, "x@outside.example"
    )

    assert [code for code, _ in answers] == [250, 550, 550]
    assert subjects(colleague) == ["Greetings"]


def test_who_receives_inside_only_refuses_the_outside(smtp):
    account = AccountFactory(mailbox__receive_scope="internal")
    colleague = colleague_of(account)

    from_outside = send(smtp(), OUTSIDER, account.address)
    from_inside = send(smtp(colleague), colleague.address, account.address)

    assert (from_outside[0][0], from_inside[0][0]) == (550, 250)


def test_who_receives_nothing_refuses_everybody(smtp):
    account = AccountFactory(mailbox__receive_scope="none")
    colleague = colleague_of(account)

    assert send(smtp(colleague), colleague.address, account.address)[0][0] == 550


def test_a_backup_mailbox_gets_what_is_received_and_sent(smtp):
    main = AccountFactory()
    account = colleague_of(main)
    BackupRule.objects.create(main=main, backed_up=account)

    send(smtp(), OUTSIDER, account.address, message=letter("Received"))
    send(
        smtp(account),
        account.address,
        "x@outside.example",
        message=letter("Sent", sender=account.address),
    )

    assert sorted(subjects(main)) == ["Received", "Sent"]


def test_mail_to_the_outside_is_held_and_nobody_is_written_to(smtp):
    account = AccountFactory()

    send(smtp(account), account.address, "x@outside.example")

    assert Delivery.objects.get().state == DeliveryState.HELD


def test_a_message_that_has_passed_too_many_servers_is_refused(smtp):
    account = AccountFactory()
    message = letter()
    for hop in range(60):
        message["Received"] = f"from host{hop} by host{hop + 1}"
    session = smtp()

    session.mail(OUTSIDER)
    session.rcpt(account.address)

    assert session.data(message.as_bytes(policy=SMTP))[0] == 554


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\xfe\r\n",
        b"A" * 5000 + b"\r\n",
        b"MAIL FROM:<>\r\nRCPT TO:<@@>\r\nDATA\r\nQUIT",
        b"RCPT TO:<x@y>\r\nDATA\r\n.\r\n" * 20,
        "收件人\r\n".encode(),
        b"AUTH PLAIN " + base64.b64encode(b"a\0b") + b"\r\n",
    ],
)
def test_pipelined_garbage_is_answered_with_errors_and_the_server_goes_on(
    smtp, running_server, garbage
):
    account = AccountFactory()
    for port in running_server.ports.values():
        session = smtplib.SMTP("127.0.0.1", port)
        session.ehlo()
        session.sock.sendall(garbage)
        session.close()

    assert send(smtp(), OUTSIDER, account.address)[0][0] == 250


def test_a_malformed_message_is_stored_as_it_is(smtp):
    account = AccountFactory()
    session = smtp()

    session.mail(OUTSIDER)
    session.rcpt(account.address)
    code, _ = session.data(b"no header at all \xff\xfe\r\n\r\nSubject: late\r\n\x00\r\n")

    assert code == 250
    assert subjects(account) == [""]


def test_submission_adds_the_missing_date_and_message_id(smtp):
    from mail_server.stores import mail_store

    account = AccountFactory()
    session = smtp(account)
    session.sendmail(account.address, [account.address], b"Subject: bare\r\n\r\nHello\r\n")

    envelope = mail_store().listing(account.mailbox.store_path, "INBOX")[0]
    content = mail_store().read(account.mailbox.store_path, "INBOX", envelope.key)

    assert b"\nDate: " in content
    assert b"\nMessage-ID: <" in content
    assert b"with ESMTPA" in content
