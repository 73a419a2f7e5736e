import pytest
from django.urls import reverse

from accounts.choices import AccountStatus
from accounts.models import Account
from accounts.presets import FULL_ADMINISTRATOR
from tests.factories.accounts import PASSWORD, AccountFactory, grant

pytestmark = pytest.mark.django_db


def post(client, path, account, password=PASSWORD, **extra):
    return client.post(path, {"address": account.address, "password": password, **extra})


@pytest.fixture
def administrator():
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    return account


@pytest.mark.parametrize(
    ("path", "landing"),
    [("/admin.jsp", "/console/"), ("/login/", "/mail/"), ("/login/?p=admin", "/console/")],
)
def test_each_sign_in_page_leads_to_its_own_side(client, administrator, path, landing):
    response = post(client, path, administrator)

    assert response.status_code == 302
    assert response["Location"] == landing


def test_one_sign_in_serves_console_and_mailbox(client, administrator):
    post(client, "/login/", administrator)

    assert client.get("/console/").status_code == 200
    assert client.get("/mail/").status_code == 200


def test_a_member_without_a_role_gets_no_console_but_the_mailbox(client):
    post(client, "/admin.jsp", AccountFactory())

    refused = client.get("/console/")

    assert refused.status_code == 403
    assert "无操作权限" in refused.content.decode()
    assert client.get("/mail/").status_code == 200


def test_all_failures_read_alike(client, administrator):
    disabled = AccountFactory(status=AccountStatus.DISABLED)
    unknown = Account(address="nobody@nowhere.example")

    answers = {
        " ".join(post(client, "/login/", account, password).context["form"].non_field_errors())
        for account, password in [
            (administrator, "wrong"),
            (disabled, PASSWORD),
            (unknown, PASSWORD),
        ]
    }

    assert answers == {"帐号或密码不正确。"}


def test_a_failed_attempt_keeps_the_address_and_not_the_password(client, administrator):
    response = post(client, "/login/", administrator, "Wrong-Harbour-19")

    page = response.content.decode()
    assert administrator.address in page
    assert "Wrong-Harbour-19" not in page


def test_after_sign_in_one_is_where_one_wanted_to_be(client, administrator):
    sent_away = client.get("/console/help/")
    response = client.post(
        sent_away["Location"], {"address": administrator.address, "password": PASSWORD}
    )

    assert response["Location"] == "/console/help/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_a_foreign_address_is_never_followed(client, administrator, target):
    response = post(client, "/login/", administrator, next=target)

    assert response["Location"] == "/mail/"


def test_the_session_key_changes_at_sign_in(client, administrator):
    client.get("/login/")
    session = client.session
    session["seen"] = True
    session.save()
    before = client.session.session_key

    post(client, "/login/", administrator)

    assert client.session.session_key != before


def test_signing_out_takes_a_post(client, administrator):
    client.force_login(administrator)

    assert client.get(reverse("sign-out")).status_code == 405
    client.post(reverse("sign-out"))
    assert client.get("/console/").status_code == 302


def test_disabling_an_account_ends_its_session_at_once(client, administrator):
    client.force_login(administrator)
    assert client.get("/console/").status_code == 200

    administrator.status = AccountStatus.DISABLED
    administrator.save()

    assert client.get("/console/").status_code == 302


def test_the_host_of_a_domain_shows_its_organization_and_completes_the_address(
    client, administrator, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    host = f"mail.{administrator.domain.name}"

    page = client.get("/login/", headers={"host": host}).content.decode()
    response = client.post(
        "/login/",
        {"address": administrator.local_part, "password": PASSWORD},
        headers={"host": host},
    )

    assert administrator.organization.brand in page
    assert response["Location"] == "/mail/"


def test_an_initial_password_must_be_changed_before_anything_else(client):
    account = AccountFactory(must_change_password=True)
    client.force_login(account)

    assert client.get("/mail/")["Location"] == reverse("password-change")
    assert client.get("/mail/", headers={"HX-Request": "true"})["HX-Redirect"] == reverse(
        "password-change"
    )
    changed = client.post(
        reverse("password-change"),
        {
            "old_password": PASSWORD,
            "new_password": "Silver-Orchard-7",
            "repeated": "Silver-Orchard-7",
        },
    )

    assert changed.status_code == 302
    assert client.get("/mail/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "repeated"),
    [
        ("wrong", "Silver-Orchard-7", "Silver-Orchard-7"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "Silver-Orchard-7", "Silver-Orchard-8"),
        (PASSWORD, PASSWORD, PASSWORD),
        (PASSWORD, "password123", "password123"),
    ],
)
def test_a_bad_new_password_is_refused_and_the_old_one_stays(client, old, new, repeated):
    account = AccountFactory()
    client.force_login(account)

    response = client.post(
        reverse("password-change"),
        {"old_password": old, "new_password": new, "repeated": repeated},
    )

    account.refresh_from_db()
    assert response.status_code == 422
    assert account.check_password(PASSWORD)


def test_changing_the_password_ends_other_sessions_only(client, administrator):
    from django.test import Client

    other = Client()
    for browser in (client, other):
        browser.force_login(administrator)

    client.post(
        reverse("password-change"),
        {
            "old_password": PASSWORD,
            "new_password": "Silver-Orchard-7",
            "repeated": "Silver-Orchard-7",
        },
    )

    assert client.get("/console/").status_code == 200
    assert other.get("/console/").status_code == 302
