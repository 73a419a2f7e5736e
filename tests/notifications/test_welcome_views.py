import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Grant, Role
from accounts.presets import FULL_ADMINISTRATOR, HELPDESK
from mail_server.stores import mail_store
from mail_server.stores.base import INBOX
from notifications.selectors.welcome import welcome_letter_of
from tests.factories.accounts import AccountFactory, grant

pytestmark = pytest.mark.django_db

PAGE, SAVE, PREVIEW, TEST = (
    reverse(f"notifications:welcome{name}") for name in ("", "-save", "-preview", "-test")
)
FILLED = {"enabled": "on", "subject": "Hello {name}", "body": "<p>Dear <b>{name}</b></p>"}


@pytest.fixture
def administrator(client):
    account = AccountFactory(name="宋雅琪")
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)
    return account


def letter_with_file(account, client):
    upload = SimpleUploadedFile("手册.pdf", b"%PDF", "application/pdf")
    client.post(SAVE, FILLED | {"uploads": [upload]})
    return welcome_letter_of(account.organization_id).attachments.get()


def viewer(account):
    role = Role.objects.create(
        organization=account.organization, name="viewer", functions=["welcome.view"]
    )
    Grant.objects.create(
        organization=account.organization, account=account, role=role, granted_by_name="test"
    ).departments.set([account.departments.get()])


@pytest.mark.parametrize(
    ("method", "url", "helpdesk", "viewing", "managing"),
    [
        ("get", PAGE, 403, 200, 200),
        ("post", SAVE, 403, 403, 302),
        ("post", PREVIEW, 403, 200, 200),
        ("post", TEST, 403, 403, 200),
    ],
)
def test_who_may_do_what(client, method, url, helpdesk, viewing, managing):
    anonymous = getattr(client, method)(url, FILLED)
    codes = []
    for give in (lambda a: grant(a, HELPDESK), viewer, lambda a: grant(a, FULL_ADMINISTRATOR)):
        account = AccountFactory()
        give(account)
        client.force_login(account)
        codes.append(getattr(client, method)(url, FILLED).status_code)

    assert anonymous.status_code == 302
    assert codes == [helpdesk, viewing, managing]


def test_a_viewer_is_offered_no_button_that_changes(client):
    account = AccountFactory()
    viewer(account)
    client.force_login(account)

    page = client.get(PAGE).content.decode()

    assert TEST not in page
    assert PREVIEW in page


def test_saving_keeps_what_was_written(client, administrator):
    upload = SimpleUploadedFile("手册.pdf", b"%PDF", "application/pdf")

    response = client.post(SAVE, FILLED | {"enabled": "", "uploads": [upload]})

    letter = welcome_letter_of(administrator.organization_id)
    assert response["Location"] == PAGE
    assert (letter.enabled, letter.subject) == (False, "Hello {name}")
    assert letter.body == "<p>Dear <b>{name}</b></p>"
    assert letter.attachments.get().name == "手册.pdf"


def test_without_scripts_plain_text_becomes_paragraphs(client, administrator):
    plain = {"body": "<p>old</p>", "body__plain": "第一行\n第二行\n\n<b>新段</b>"}

    client.post(SAVE, FILLED | plain)

    body = welcome_letter_of(administrator.organization_id).body
    assert body == "<p>第一行<br>第二行</p><p>&lt;b&gt;新段&lt;/b&gt;</p>"


@pytest.mark.parametrize("body", ["", "<p></p>", "<p><br></p><script>x</script>"])
def test_an_empty_letter_is_refused(client, administrator, body):
    response = client.post(SAVE, FILLED | {"body": body})

    assert response.status_code == 422
    assert "body" in response.context["form"].errors


def test_a_program_is_refused_beside_its_field(client, administrator):
    upload = SimpleUploadedFile("setup.exe", b"MZ")

    response = client.post(SAVE, FILLED | {"uploads": [upload]})

    assert response.status_code == 422
    assert "setup.exe" in str(response.context["form"].errors["uploads"])


def test_the_preview_shows_own_values_and_saves_nothing(client, administrator):
    page = client.post(PREVIEW, FILLED)

    assert "Hello 宋雅琪" in page.content.decode()
    assert welcome_letter_of(administrator.organization_id).subject != FILLED["subject"]


def test_a_test_letter_reaches_oneself_and_the_form_stays(client, administrator):
    page = client.post(TEST, FILLED)

    (envelope,) = mail_store().listing(administrator.mailbox.store_path, INBOX)
    assert envelope.subject == "Hello 宋雅琪"
    assert page.context["form"]["subject"].value() == FILLED["subject"]


def test_whoever_has_no_mailbox_is_told_so_instead_of_a_test(client):
    account = AccountFactory(mailbox=False)
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)

    page = client.post(TEST, FILLED)

    assert "您的帐号没有邮箱" in page.content.decode()


def test_an_attachment_is_downloaded_and_never_shown(client, administrator):
    attachment = letter_with_file(administrator, client)

    response = client.get(reverse("notifications:welcome-attachment", args=[attachment.pk]))

    assert response.content == b"%PDF"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_attachment_of_another_organization_is_not_there(client, administrator):
    attachment = letter_with_file(administrator, client)
    other = AccountFactory()
    grant(other, FULL_ADMINISTRATOR)
    client.force_login(other)

    response = client.get(reverse("notifications:welcome-attachment", args=[attachment.pk]))

    assert response.status_code == 404
