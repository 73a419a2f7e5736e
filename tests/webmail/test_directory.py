"""What a member finds of others in webmail, as the directory's settings say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Directory, DirectoryEntry
from tests.factories.accounts import AccountFactory, alias

pytestmark = pytest.mark.django_db

PAGE, SUGGESTIONS = "/mail/directory/", "/mail/people/"


@pytest.fixture
def member() -> Account:
    return AccountFactory(name="沈知行")


@pytest.fixture
def webmail(client, member):
    client.force_login(member)
    return client


@pytest.fixture
def colleague(member):
    def make(name: str, **fields) -> Account:
        company = {"organization": member.organization, "domain": member.domain}
        return AccountFactory(**company, name=name, **fields)

    return make


def texts(webmail, query="") -> tuple[str, str]:
    """The directory's page and the suggestions while writing."""
    page = webmail.get(PAGE, {"q": query}).content.decode()
    return page, webmail.get(SUGGESTIONS, {"to": query or "张"}).content.decode()


def test_colleagues_are_listed_and_suggested_with_the_address_that_is_chosen(webmail, colleague):
    account = colleague("张伟")
    chosen = alias(account, "zhang@elsewhere.example")
    DirectoryEntry.objects.create(account=account, address=chosen)

    for text in texts(webmail):
        assert "张伟" in text
        assert "zhang@elsewhere.example" in text
        assert account.address not in text


def test_hidden_members_are_neither_listed_nor_suggested(webmail, colleague):
    DirectoryEntry.objects.create(account=colleague("张伟"), is_visible=False)

    for text in texts(webmail):
        assert "张伟" not in text


def test_while_the_directory_is_off_nobody_is_listed_or_suggested(webmail, member, colleague):
    colleague("张伟")
    Directory.objects.create(organization=member.organization, is_on=False)

    page, suggestions = texts(webmail)

    assert "管理员已关闭通讯录" in page
    assert "张伟" not in page + suggestions


def test_members_are_found_by_pinyin(webmail, colleague):
    colleague("张伟")
    colleague("李娜")

    page, suggestions = texts(webmail, "zhangwei")

    assert "张伟" in page
    assert "张伟" in suggestions
    assert "李娜" not in page + suggestions


def test_members_of_other_organizations_are_never_shown(webmail):
    AccountFactory(name="张外人")

    assert all("张外人" not in text for text in texts(webmail))


def test_the_page_takes_as_many_queries_with_ten_as_with_many(webmail, colleague):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            webmail.get(PAGE)
        return len(captured)

    for n in range(10):
        colleague(f"张{n}")
    webmail.get(PAGE)
    with_ten = queries()
    for n in range(90):
        colleague(f"李{n}")

    assert queries() <= with_ten + 1  # the total is asked where there is a second page
