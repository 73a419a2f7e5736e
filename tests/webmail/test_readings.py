"""Reading a member's mail as an administrator."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.presets import (
    AUDITOR,
    DEPARTMENT_ADMINISTRATOR,
    FULL_ADMINISTRATOR,
    HELPDESK,
    preset_functions,
)
from admin_platform.models import AuditRecord
from mail_server.stores import mail_store
from mail_server.stores.base import INBOX
from tests.factories.accounts import AccountFactory, grant, grant_functions
from tests.factories.orgs import DepartmentFactory
from webmail.models import MailReading

pytestmark = pytest.mark.django_db
REASON = "审计案件 2026-17"


def letter(subject="季度报表", html="", attachment=b""):
    message = EmailMessage()
    message["From"], message["To"] = "李娜 <li@partner.example>", "member@company.example"
    message["Subject"], message["Message-ID"] = subject, "<q3@partner.example>"
    message.set_content("请查收")
    if html:
        message.add_alternative(html, subtype="html")
    if attachment:
        message.add_attachment(
            attachment, maintype="application", subtype="pdf", filename="报表.pdf"
        )
    return message.as_bytes()


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MAIL_STORE_DIR = tmp_path
    mail_store.cache_clear()
    yield mail_store()
    mail_store.cache_clear()


@pytest.fixture
def member():
    return AccountFactory(name="张伟")


@pytest.fixture
def administrator(client, member):
    account = AccountFactory(organization=member.organization, name="陈思远")
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)
    return account


def put(account, content=None, **options):
    path = account.mailbox.store_path
    return mail_store().deliver(path, content or letter(), unique="u1", **options)


def at(name, account, *more):
    return reverse(f"readings:{name}", args=[account.pk, *more])


def open_mail(client, account, reason=REASON):
    return client.post(at("open", account), {"reason": reason})


def recorded():
    return list(AuditRecord.objects.order_by("pk").values_list("action", "after"))


def test_a_reason_must_be_given_first(client, administrator, member):
    response = open_mail(client, member, "   ")

    assert response.status_code == 422
    assert client.get(at("mailbox", member))["Location"] == at("open", member)
    assert not MailReading.objects.exists()
    assert recorded() == []


def test_the_mailbox_is_shown_and_nothing_in_it_changes(client, administrator, member):
    key = put(member, letter(html="<p>请<script>x()</script>查收</p>"))
    open_mail(client, member)
    place = {"folder": INBOX, "key": key}

    pages = [client.get(at("mailbox", member)), client.get(at("mailbox", member), place)]
    body = client.get(at("body", member), place)

    assert ["季度报表" in page.content.decode() for page in pages] == [True, True]
    assert "查收" in body.content.decode()
    assert "script" not in body.content.decode()
    assert "sandbox" in body["Content-Security-Policy"]
    assert mail_store().envelope(member.mailbox.store_path, INBOX, key).is_unread


def test_the_opening_and_every_message_are_recorded_once_without_their_subject(
    client, administrator, member
):
    key = put(member, letter(html="<p>请查收</p>"))
    open_mail(client, member)
    for name in ("mailbox", "body", "mailbox"):
        client.get(at(name, member), {"folder": INBOX, "key": key})

    assert recorded() == [
        ("mail.opened", {"reason": REASON}),
        (
            "mail.message_read",
            {"reason": REASON, "folder": INBOX, "message_id": "<q3@partner.example>"},
        ),
    ]


def test_a_message_cannot_be_read_past_the_record_by_its_body_or_attachment(
    client, administrator, member
):
    key = put(member, letter(attachment=b"%PDF"))
    place = f"?folder={INBOX}&key={key}"
    address = at("attachment", member, 1) + place
    before = [client.get(at("body", member) + place).status_code, client.get(address).status_code]
    open_mail(client, member)

    response = client.get(address)

    assert before == [404, 404]
    assert response.content == b"%PDF"
    assert response["Content-Disposition"].startswith("attachment")
    assert [action for action, _after in recorded()] == [
        "mail.opened",
        "mail.message_read",
        "mail.attachment_taken",
    ]


def test_a_reading_ends_after_an_hour_or_at_once(client, administrator, member):
    with time_machine.travel(timezone.now() - timedelta(minutes=61)):
        open_mail(client, member)
    after_an_hour = client.get(at("mailbox", member)).status_code
    open_mail(client, member)
    open_again = client.get(at("mailbox", member)).status_code
    client.post(at("end", member))

    assert (after_an_hour, open_again) == (302, 200)
    assert client.get(at("mailbox", member)).status_code == 302


def test_one_administrators_reason_opens_nothing_for_another(client, administrator, member):
    open_mail(client, member)
    other = AccountFactory(organization=member.organization)
    grant(other, FULL_ADMINISTRATOR)
    client.force_login(other)

    assert client.get(at("mailbox", member)).status_code == 302
    assert client.get(at("body", member), {"key": "x"}).status_code == 404


@pytest.mark.parametrize("preset", [DEPARTMENT_ADMINISTRATOR, AUDITOR, HELPDESK])
def test_no_preset_role_but_the_full_administrators_may(preset):
    assert "mail.read" not in preset_functions(preset)
    assert "mail.read" in preset_functions(FULL_ADMINISTRATOR)


def test_a_mailbox_of_another_department_is_not_there(client, member):
    root = DepartmentFactory(organization=member.organization)
    own = DepartmentFactory(parent=root)
    reader = AccountFactory(organization=member.organization, department=own)
    made = grant_functions(reader, "mail.read")
    made.departments.set([own])
    client.force_login(reader)

    assert client.get(at("open", member)).status_code == 404
    assert open_mail(client, member).status_code == 404
    assert client.get(at("mailbox", member)).status_code == 404


def test_the_mail_of_somebody_mightier_stays_closed_also_when_the_might_came_later(client, member):
    reader = AccountFactory(organization=member.organization)
    grant_functions(reader, "mail.read")
    client.force_login(reader)
    open_mail(client, member)
    open_before = client.get(at("mailbox", member)).status_code
    grant(member, FULL_ADMINISTRATOR)

    assert open_before == 200
    assert client.get(at("mailbox", member)).status_code == 404
    assert open_mail(client, member).status_code == 403


def test_the_own_mail_is_not_read_this_way(client, administrator):
    assert open_mail(client, administrator)["Location"] == reverse("webmail:home")
    assert not MailReading.objects.exists()


def test_an_account_without_a_mailbox_has_nothing_to_read(client, administrator):
    empty = AccountFactory(organization=administrator.organization, mailbox=False)

    assert "没有邮箱" in open_mail(client, empty).content.decode()


def test_the_member_is_told_who_read_what_and_why(client, administrator, member):
    key = put(member)
    open_mail(client, member)
    client.get(at("mailbox", member), {"folder": INBOX, "key": key})
    client.force_login(member)

    hint = client.get(reverse("webmail:home")).content.decode()
    page = client.get(reverse("webmail:own-readings")).content.decode()
    later = client.get(reverse("webmail:home")).content.decode()

    assert "管理员查阅过您的邮件" in hint
    for text in ("陈思远", REASON, "&lt;q3@partner.example&gt;"):
        assert text in page
    assert "管理员查阅过您的邮件" not in later


def test_members_see_the_readings_of_their_own_mail_only(client, administrator, member):
    open_mail(client, member)
    client.force_login(AccountFactory(organization=member.organization))

    assert REASON not in client.get(reverse("webmail:own-readings")).content.decode()


def test_pictures_from_elsewhere_are_never_asked_for(client, administrator, member):
    key = put(member, letter(html='<img src="https://tracker.example/x.gif">'))
    open_mail(client, member)

    body = client.get(at("body", member), {"folder": INBOX, "key": key, "pictures": "1"})

    assert "tracker" not in body.content.decode()
    assert "https:" not in body["Content-Security-Policy"]


def test_what_does_not_exist_is_not_found(client, administrator, member):
    put(member)
    open_mail(client, member)

    for query in ({"key": "none"}, {"folder": "Secret"}, {"folder": "../x", "key": "../../y"}):
        assert client.get(at("mailbox", member), query).status_code == 404
    assert [action for action, _after in recorded()] == ["mail.opened"]


def test_the_page_of_an_account_leads_there_for_who_may(client, administrator, member):
    page = reverse("accounts:account-detail", args=[member.pk])
    shown = at("open", member) in client.get(page).content.decode()
    helper = AccountFactory(organization=member.organization)
    grant(helper, HELPDESK)
    client.force_login(helper)

    assert shown
    assert at("open", member) not in client.get(page).content.decode()
