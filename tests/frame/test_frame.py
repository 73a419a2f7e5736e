from datetime import date

import pytest
from django.urls import reverse

from accounts.presets import FULL_ADMINISTRATOR, HELPDESK
from admin_platform import menu
from admin_platform.templatetags.console import chinese_date, size
from tests.factories.accounts import AccountFactory, grant

pytestmark = pytest.mark.django_db


def signed_in(client, preset=FULL_ADMINISTRATOR, **fields):
    account = AccountFactory(**fields)
    grant(account, preset)
    client.force_login(account)
    return account


def test_the_full_administrator_sees_every_entry_of_the_menu(client):
    signed_in(client)

    page = client.get("/console/").content.decode()

    for entry in menu.entries():
        assert str(entry.label) in page


def test_entries_one_may_not_use_are_absent(client):
    signed_in(client, HELPDESK)

    page = client.get("/console/").content.decode()

    assert "锁定帐号管理" in page
    assert "管理员操作记录" not in page


def test_an_entry_that_is_not_built_says_so(client):
    signed_in(client)
    entry = next(e for e in menu.entries() if not e.is_built)

    page = client.get(entry.get_absolute_url())

    assert page.status_code == 200
    assert f"“{entry.label}”尚未开发" in page.content.decode()


@pytest.mark.parametrize("query", ["欢迎信", "huanying", "hyx", "welcome", "Welcome Letter"])
def test_a_function_is_found_in_either_language_and_by_pinyin(client, query):
    signed_in(client)

    page = client.get(reverse("find"), {"q": query}).content.decode()

    assert "新邮箱收到的第一封信" not in page
    assert ">欢迎信<" in page.split('id="main"')[1]


def test_a_search_from_the_top_bar_gets_only_the_hits(client):
    signed_in(client)

    part = client.get(reverse("find"), {"q": "欢迎信"}, headers={"HX-Request": "true"})

    assert "欢迎信" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_a_query_is_shown_escaped(client):
    signed_in(client)

    page = client.get(reverse("find"), {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert(1)" not in page


def test_the_language_is_chinese_first_whatever_the_browser_says(client):
    page = client.get("/login/", headers={"Accept-Language": "en"})

    assert page["Content-Language"] == "zh-hans"


def test_the_language_switch_is_remembered_and_returns_to_the_page(client):
    response = client.post("/preferences/language/", {"value": "en", "next": "/login/"})

    assert response["Location"] == "/login/"
    assert "My mailbox" in client.get("/login/").content.decode()


def test_the_theme_is_printed_by_the_server(client):
    client.post("/preferences/theme/", {"value": "dark"})

    assert 'data-theme="dark"' in client.get("/login/").content.decode()


def test_a_preference_never_leads_to_a_foreign_site(client):
    response = client.post("/preferences/theme/", {"value": "dark", "next": "//evil.example/x"})

    assert response["Location"] == "/"


@pytest.mark.parametrize("name", ["language", "theme"])
def test_a_made_up_preference_is_not_kept(client, name):
    response = client.post(f"/preferences/{name}/", {"value": '"><script>'})

    assert all(not morsel.value for morsel in response.cookies.values())


def test_a_fragment_without_permission_leaves_the_page_and_says_so(client):
    client.force_login(AccountFactory())

    response = client.get("/console/", headers={"HX-Request": "true"})

    assert response.status_code == 403
    assert response["HX-Reswap"] == "none"
    assert "toast" in response["HX-Trigger"]


def test_an_anonymous_fragment_sends_the_whole_page_to_sign_in(client):
    response = client.get("/console/", headers={"HX-Request": "true"})

    assert response["HX-Redirect"].startswith("/admin.jsp?next=")


def test_a_missing_page_is_told_in_words(client):
    page = client.get("/console/no-such-page/")

    assert page.status_code == 404
    assert "没有这个页面" in page.content.decode()


def test_the_home_page_warns_where_the_last_sign_in_came_from_elsewhere(client):
    from tests.factories.accounts import PASSWORD

    account = signed_in(client)
    client.post("/logout/")
    for ip in ("192.0.2.1", "192.0.2.2"):
        client.post(
            "/admin.jsp", {"address": account.address, "password": PASSWORD}, REMOTE_ADDR=ip
        )
        page = client.get("/console/", REMOTE_ADDR=ip)
        client.post("/logout/")

    assert page.context["last_sign_in"]["ip"] == "192.0.2.1"
    assert "lastlogin differs" in page.content.decode()


def test_health_answers_without_a_session(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").content == b"ready"


def test_a_page_may_run_no_script_but_the_files_of_the_site(client):
    policy = client.get("/login/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "script-src" not in policy  # nothing wider than the default
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 3, 12), "二〇二六年三月十二日"),
        (date(2030, 10, 1), "二〇三〇年十月一日"),
        (date(2027, 11, 20), "二〇二七年十一月二十日"),
        (date(2027, 12, 31), "二〇二七年十二月三十一日"),
    ],
)
def test_the_letter_of_the_sign_in_page_is_dated_as_letters_are(day, written):
    assert chinese_date(day) == written


@pytest.mark.parametrize(
    ("number", "text"),
    [(None, "0 B"), (999, "999 B"), (1024, "1 KB"), (3_435_973_836, "3.2 GB"), (10**12, "931 GB")],
)
def test_sizes_are_written_as_people_read_them(number, text):
    assert size(number) == text
