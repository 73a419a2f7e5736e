"""What the form of an account says, happens: from the page into a real SMTP session."""

import smtplib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import Account
from accounts.presets import FULL_ADMINISTRATOR
from admin_platform import job_runner
from admin_platform.models import Job
from mail_server.choices import DeliveryState
from mail_server.models import Delivery
from mailing_lists.services.lists import create_list
from tests.accounts.pages import filled, shown
from tests.factories.accounts import AccountFactory, grant, system_operator
from tests.mail_server.conftest import letter, send, subjects

OUTSIDER = "friend@elsewhere.example"
PASSWORD = "Stille-Wasser-7"
CREATE = "/console/accounts/create/"


@pytest.fixture
def administrator(transactional_db):
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    return account


@pytest.fixture
def create(client, administrator):
    """Creates an account through the page and returns it."""

    def create(**entries):
        client.force_login(administrator)
        company = SimpleNamespace(
            domain=administrator.domain, sales=administrator.departments.get()
        )
        given = {"password_mode": "given", "password": PASSWORD, "must_change_password": None}
        response = client.post(CREATE, filled(company, **(given | entries)))
        assert response.status_code == 302, response.context["form"].errors
        return Account.objects.get(name="张伟")

    return create


@pytest.fixture
def edit(client, administrator):
    """Changes an account through the page."""

    def edit(account, **entries):
        client.force_login(administrator)
        url = f"/console/accounts/{account.pk}/edit/"
        values = shown(client.get(url).context["form"]) | entries
        response = client.post(url, {k: v for k, v in values.items() if v is not None})
        assert response.status_code == 302, response.context["form"].errors

    return edit


def codes(answers):
    return [code for code, _text in answers]


def test_a_new_account_receives_at_its_address_and_aliases_and_finds_the_welcome_letter(
    create, smtp
):
    account = create(aliases="zw, zhang.wei")
    domain = account.domain.name

    answers = send(smtp(), OUTSIDER, account.address, f"zw@{domain}", f"zhang.wei@{domain}")
    for job in Job.objects.filter(state=Job.State.QUEUED):
        job_runner.run(job.pk)

    assert codes(answers) == [250, 250, 250]
    assert len(subjects(account)) == 2
    assert "Greetings" in subjects(account)


def test_an_alias_taken_away_is_refused_and_the_old_address_kept_receives(create, edit, smtp):
    account = create(aliases="zw")
    old, alias = account.address, f"zw@{account.domain.name}"

    edit(account, local_part="wei", keep_old_address="on", aliases=None)

    assert codes(send(smtp(), OUTSIDER, alias, old)) == [550, 250]


def test_without_a_mailbox_mail_is_refused_until_one_is_added(create, edit, smtp):
    account = create(create_mailbox=None)
    before = send(smtp(), OUTSIDER, account.address)

    edit(account, create_mailbox="on")

    assert codes(before) == [550]
    assert codes(send(smtp(), OUTSIDER, account.address)) == [250]


def test_the_quota_refuses_what_does_not_fit(create, smtp):
    account = create(quota="0.0001")
    session = smtp()

    session.mail(OUTSIDER, ["SIZE=200000"])

    assert session.rcpt(account.address)[0] == 552


def test_forwarding_with_a_copy_reaches_both(create, administrator, smtp):
    account = create(forwarding_allowed="on", forward_to=administrator.address)

    send(smtp(), OUTSIDER, account.address)

    assert "Greetings" in subjects(account)
    assert "Greetings" in subjects(administrator)


def test_forwarding_without_a_copy_reaches_the_other_alone_until_it_is_switched_off(
    create, edit, administrator, smtp
):
    account = create(forwarding_allowed="on", forward_to=administrator.address, keep_copy=None)
    send(smtp(), OUTSIDER, account.address, message=letter("First"))

    edit(account, forwarding_allowed=None)
    send(smtp(), OUTSIDER, account.address, message=letter("Second"))

    assert "First" not in subjects(account)
    assert "Second" in subjects(account)
    assert subjects(administrator) == ["First"]


def test_forwarding_to_the_outside_goes_to_the_outbox(create, smtp):
    account = create(forwarding_allowed="on", forward_to="home@private.example")

    send(smtp(), OUTSIDER, account.address)

    held = Delivery.objects.get(mailbox=None)
    assert (held.recipient, held.state) == ("home@private.example", DeliveryState.HELD)


def test_receiving_from_inside_only_refuses_the_outside(create, administrator, smtp):
    account = create(receive_scope="internal")

    outside = send(smtp(), OUTSIDER, account.address)
    inside = send(smtp(administrator), administrator.address, account.address)

    assert codes(outside) + codes(inside) == [550, 250]


def test_receiving_nothing_refuses_everybody(create, administrator, smtp):
    account = create(receive_scope="none")

    answers = send(smtp(administrator), administrator.address, account.address)

    assert codes(answers) == [550]


def test_sending_inside_only_reaches_nobody_outside(create, administrator, smtp):
    account = create(send_scope="internal")

    answers = send(
        smtp(account, PASSWORD), account.address, administrator.address, "x@outside.example"
    )

    assert codes(answers) == [250, 550]


def test_sending_nothing_is_refused_at_once(create, smtp):
    account = create(send_scope="none")

    assert smtp(account, PASSWORD).mail(account.address)[0] == 550


def test_without_smtp_a_mail_program_cannot_sign_in_and_with_it_again(create, edit, smtp):
    account = create(protocols=["web"])
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp(account, PASSWORD)

    edit(account, protocols=["web", "smtp"])

    assert codes(send(smtp(account, PASSWORD), account.address, account.address)) == [250]


def test_the_webmail_is_closed_without_its_protocol(create, client):
    account = create(protocols=["imap", "smtp"])

    client.logout()
    client.post("/login/", {"address": account.address, "password": PASSWORD})

    assert client.get("/mail/").status_code == 302


def test_an_account_can_be_used_on_its_last_day_and_not_after(create, smtp):
    account = create(expires_on=timezone.localdate().isoformat())
    before = send(smtp(account, PASSWORD), account.address, account.address)

    # The database has a clock of its own, so the day ends by moving its end.
    Account.objects.filter(pk=account.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    assert account.expires_at - timezone.now() <= timedelta(days=1)
    assert codes(before) == [250]
    assert codes(send(smtp(), OUTSIDER, account.address)) == [550]
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp(account, PASSWORD)


def test_a_disabled_account_is_refused_and_a_normal_one_is_not(create, edit, smtp):
    account = create()

    edit(account, status="disabled")
    refused = send(smtp(), OUTSIDER, account.address)
    edit(account, status="active")

    assert codes(refused + send(smtp(), OUTSIDER, account.address)) == [550, 250]


def test_mail_to_a_list_reaches_who_joined_it(create, edit, administrator, smtp):
    everyone = create_list(
        domain=administrator.domain,
        local_part="all",
        name="全体",
        actor=system_operator(administrator.organization),
    )
    account = create(groups_lists=[everyone.pk])
    session, address = smtp(administrator), everyone.address.address
    joined = send(session, administrator.address, address, message=letter("Joined"))

    edit(account, groups_lists=None)
    send(session, administrator.address, address, message=letter("Left"))

    assert codes(joined) == [250]
    assert "Joined" in subjects(account)
    assert "Left" not in subjects(account)


def test_a_password_made_up_by_a_reset_ends_the_old_one(create, client, smtp):
    account = create()
    smtp(account, PASSWORD)

    client.post(f"/console/accounts/{account.pk}/password/", {"password_mode": "generated"})

    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp(account, PASSWORD)
