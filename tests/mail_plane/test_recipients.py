"""Who takes mail."""

import smtplib
from datetime import timedelta
from email.policy import SMTP

import pytest
from django.utils import timezone

from accounts.choices import AccountStatus
from orgs.models import Domain
from tests.factories.accounts import AccountFactory, alias
from tests.mail_plane.letters import OUTSIDER, colleague_of, meaning
from tests.mail_server.conftest import letter, send


def test_mail_from_outside_reaches_the_mailbox(smtp, subjects):
    account = AccountFactory()

    answers = send(smtp(), OUTSIDER, account.address, message=letter("你好，世界"))

    assert answers[0][0] == 250
    assert subjects(account) == ["你好，世界"]


def test_an_alias_and_a_domain_alias_reach_the_mailbox_and_one_person_gets_one_copy(smtp, subjects):
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


def test_an_unknown_recipient_is_refused_and_the_others_are_not(smtp, subjects):
    account = AccountFactory()

    answers = send(smtp(), OUTSIDER, f"nobody@{account.domain.name}", account.address)

    assert meaning(answers[0]) == (550, "5.1.1 No such mailbox here")
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

    assert meaning(answers[0]) == (554, "5.7.1 Relay access denied")


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

    assert [meaning(answer) for answer in answers] == [(550, text), (550, text)]


def test_a_frozen_account_signs_in_nowhere_but_its_mail_is_kept(smtp, subjects):
    account = AccountFactory(status=AccountStatus.FROZEN)

    assert send(smtp(), OUTSIDER, account.address)[0][0] == 250
    assert subjects(account) == ["Greetings"]
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp(account)


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


def test_a_message_that_has_passed_too_many_servers_is_refused(smtp):
    account = AccountFactory()
    message = letter()
    for hop in range(60):
        message["Received"] = f"from host{hop} by host{hop + 1}"
    session = smtp()

    session.mail(OUTSIDER)
    session.rcpt(account.address)

    assert session.data(message.as_bytes(policy=SMTP))[0] == 554
