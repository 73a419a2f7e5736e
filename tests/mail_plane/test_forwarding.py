"""Where else mail goes: forwarding, to the outside too, and backup mailboxes."""

import pytest

from accounts.choices import AccountStatus, ReceiveScope
from apps_center.models import BackupRule
from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import OUTSIDER, colleague_of
from tests.mail_server.conftest import letter, send


def test_forwarding_with_a_copy_reaches_both(smtp, subjects):
    target = AccountFactory()
    account = colleague_of(
        target, mailbox__forwarding_allowed=True, mailbox__forward_to=[target.address]
    )

    send(smtp(), OUTSIDER, account.address)

    assert (subjects(account), subjects(target)) == (["Greetings"], ["Greetings"])


def test_forwarding_without_a_copy_reaches_the_target_alone(smtp, subjects):
    target = AccountFactory()
    account = colleague_of(
        target,
        mailbox__forwarding_allowed=True,
        mailbox__forward_to=[target.address],
        mailbox__keep_copy=False,
    )

    send(smtp(), OUTSIDER, account.address)

    assert (subjects(account), subjects(target)) == ([], ["Greetings"])


@pytest.mark.parametrize(
    "target_is",
    [{"status": AccountStatus.DISABLED}, {"mailbox__receive_scope": ReceiveScope.INTERNAL}],
    ids=["disabled", "not receiving from outside"],
)
def test_mail_that_nobody_it_is_forwarded_to_takes_stays_in_the_mailbox(smtp, subjects, target_is):
    target = AccountFactory(**target_is)
    account = colleague_of(
        target,
        mailbox__forwarding_allowed=True,
        mailbox__forward_to=[target.address],
        mailbox__keep_copy=False,
    )

    send(smtp(), OUTSIDER, account.address)

    assert (subjects(account), subjects(target)) == (["Greetings"], [])


def test_two_who_forward_to_each_other_without_a_copy_lose_no_mail(smtp, subjects):
    first = AccountFactory(mailbox__forwarding_allowed=True, mailbox__keep_copy=False)
    second = colleague_of(
        first,
        mailbox__forwarding_allowed=True,
        mailbox__forward_to=[first.address],
        mailbox__keep_copy=False,
    )
    first.mailbox.forward_to = [second.address]
    first.mailbox.save()

    send(smtp(), OUTSIDER, first.address)

    assert subjects(first) + subjects(second) == ["Greetings"]


def test_forwarding_that_is_not_allowed_does_nothing(smtp, subjects):
    target = AccountFactory()
    account = colleague_of(
        target,
        mailbox__forwarding_allowed=False,
        mailbox__forward_to=[target.address],
        mailbox__keep_copy=False,
    )

    send(smtp(), OUTSIDER, account.address)

    assert (subjects(account), subjects(target)) == (["Greetings"], [])


def test_a_forwarding_loop_ends_with_one_copy_each(smtp, subjects):
    first = AccountFactory(mailbox__forwarding_allowed=True)
    second = colleague_of(
        first, mailbox__forwarding_allowed=True, mailbox__forward_to=[first.address]
    )
    first.mailbox.forward_to = [second.address]
    first.mailbox.save()

    send(smtp(), OUTSIDER, first.address)

    assert (subjects(first), subjects(second)) == (["Greetings"], ["Greetings"])


def test_a_backup_mailbox_gets_what_is_received_and_sent(smtp, subjects):
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


def test_forwarding_to_the_outside_leaves_the_house(smtp, outside):
    account = AccountFactory(
        mailbox__forwarding_allowed=True, mailbox__forward_to=["home@private.example"]
    )

    send(smtp(), OUTSIDER, account.address)

    assert outside() == [["home@private.example"]]


def test_forwarding_takes_no_stranger_past_what_the_target_receives(smtp, subjects):
    target = AccountFactory(mailbox__receive_scope="internal")
    account = colleague_of(
        target, mailbox__forwarding_allowed=True, mailbox__forward_to=[target.address]
    )
    foreign = AccountFactory()

    send(smtp(), OUTSIDER, account.address, message=letter("Outsider"))
    send(smtp(foreign), foreign.address, account.address, message=letter("Other organization"))
    send(smtp(account), account.address, account.address, message=letter("Colleague"))

    assert subjects(target) == ["Colleague"]
    assert sorted(subjects(account)) == ["Colleague", "Other organization", "Outsider"]
