from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import AccountFilter, AccountSort, AccountStatus, MailboxFilter
from accounts.models import Account, Membership
from accounts.selectors import accounts as selectors
from accounts.selectors.accounts import AccountQuery, account_page
from tests.factories.accounts import alias
from tests.factories.orgs import DepartmentFactory


def names(query: AccountQuery, **options: object) -> list[str]:
    page = account_page(query, cursors=options.pop("cursors", {}), **options)
    return [account.name for account in page.items]


@pytest.fixture(params=[10_000, 0], ids=["few accounts", "many accounts"])
def either_way(request, monkeypatch):
    """Both ways of finding give the same answer; which is taken only depends on the numbers."""
    monkeypatch.setattr(selectors, "FEW", request.param)


@pytest.fixture
def staff(company):
    """张伟 and others in research."""
    research = company.research
    return [
        company.account(
            research,
            name="张伟",
            local_part="wei.zhang",
            employee_no="YQ-0187",
            mobile="13800001234",
        ),
        company.account(research, name="张薇薇", local_part="vivian", employee_no="AB-1"),
        company.account(research, name="李张扬", local_part="liyang"),
        company.account(research, name="欧阳若曦", local_part="rx.ouyang"),
        company.account(research, name="Zoe Wang", local_part="zoe"),
    ]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("张", ["李张扬", "张伟", "张薇薇"]),
        ("张伟", ["张伟"]),
        ("欧阳若", ["欧阳若曦"]),
        ("zhangw", ["张伟", "张薇薇"]),
        ("ZHANGWEIW", ["张薇薇"]),
        ("zw", ["张伟", "张薇薇", "Zoe Wang"]),
        ("ouyang", ["欧阳若曦"]),
        ("oyrx", ["欧阳若曦"]),
        ("wei.zhang@yunqi", ["张伟"]),
        ("1380000", ["张伟"]),
        ("138 0000 1234", ["张伟"]),
        ("+86 13800001234", ["张伟"]),
        ("yq-0187", ["张伟"]),
        ("AB", ["张薇薇"]),
        ("张 0187", ["张伟"]),
        ("wang zoe", ["Zoe Wang"]),
        ("frontdesk", ["张薇薇"]),
        ("fr", ["张薇薇"]),
        ("z", ["张伟", "张薇薇", "Zoe Wang"]),
        ("不存在", []),
        ("100%", []),
        ("_", ["李张扬", "欧阳若曦", "张伟", "张薇薇", "Zoe Wang"]),
        ("\x00'; --", ["李张扬", "欧阳若曦", "张伟", "张薇薇", "Zoe Wang"]),
    ],
)
def test_accounts_are_found_by_whatever_people_know_of_them(
    either_way, company, staff, search, found
):
    alias(staff[1], "frontdesk@yunqi.example")

    hits = names(AccountQuery(company.research, search=search))

    assert hits == found


def test_short_digits_are_the_start_of_an_employee_number(either_way, company):
    company.account(company.research, name="A", employee_no="0042", mobile="13800001234")
    company.account(company.research, name="B", employee_no="1300", mobile="13900001234")

    assert names(AccountQuery(company.research, search="13")) == ["B"]
    assert names(AccountQuery(company.research, search="00")) == ["A"]


def test_a_department_shows_its_own_accounts_and_on_wish_those_below(either_way, company):
    below = company.account(company.export, name="Below")
    company.account(company.research, name="Elsewhere")
    further = company.account(company.research, name="Further")
    Membership.objects.create(account=further, department=company.export)

    own = names(AccountQuery(company.sales, with_below=False))
    all_of_them = names(AccountQuery(company.sales))

    assert own == [company.sales_administrator.name]
    assert set(all_of_them) == {*own, below.name, further.name}


def test_other_organizations_are_never_shown(either_way, company):
    other = DepartmentFactory(name="Other")

    assert names(AccountQuery(other)) == []


def test_lists_are_narrowed_by_status_and_mailbox(either_way, company):
    now = timezone.now()
    research = company.research
    company.account(research, name="active")
    company.account(research, name="disabled", status=AccountStatus.DISABLED)
    company.account(research, name="frozen", status=AccountStatus.FROZEN, mailbox=False)
    company.account(research, name="expired", expires_at=now - timedelta(days=1))
    company.account(research, name="no pop", mailbox__pop3_enabled=False)
    company.account(research, name="expiring", mailbox=False, expires_at=now + timedelta(days=6))

    def narrowed(**fields):
        return set(names(AccountQuery(research, **fields)))

    assert narrowed(status=AccountFilter.ACTIVE) == {"active", "no pop", "expiring"}
    assert narrowed(status=AccountFilter.EXPIRING) == {"expiring"}
    assert narrowed(status=AccountFilter.DISABLED) == {"disabled"}
    assert narrowed(status=AccountFilter.FROZEN) == {"frozen"}
    assert narrowed(status=AccountFilter.EXPIRED) == {"expired"}
    assert narrowed(mailbox=MailboxFilter.NONE) == {"frozen", "expiring"}
    assert narrowed(mailbox=MailboxFilter.ANY) == {"active", "disabled", "expired", "no pop"}
    assert narrowed(mailbox=MailboxFilter.POP3) == {"active", "disabled", "expired"}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (AccountSort.NAME, ["艾", "波", "曹"]),
        (AccountSort.ADDRESS, ["曹", "艾", "波"]),
        (AccountSort.CREATED, ["波", "曹", "艾"]),
        (AccountSort.USAGE, ["曹", "波"]),
        (AccountSort.SIGN_IN, ["艾", "曹", "波"]),
    ],
)
def test_lists_are_sorted(either_way, company, sort, order):
    now = timezone.now()
    fields = {
        "艾": ("b", 3, 1, False),
        "波": ("c", 1, None, {"mailbox__usage_bytes": 5}),
        "曹": ("a", 2, 2, {"mailbox__usage_bytes": 9}),
    }
    for name, (local_part, age, signed_in, mailbox) in fields.items():
        company.account(
            company.research,
            name=name,
            local_part=local_part,
            created_at=now - timedelta(days=age),
            last_login=signed_in and now - timedelta(days=signed_in),
            **({"mailbox": False} if mailbox is False else mailbox),
        )

    assert names(AccountQuery(company.research, sort=sort)) == order


def page_through(query, size=20):
    pages, cursors = [], {}
    while True:
        page = account_page(query, cursors=cursors, size=size)
        pages.append([account.pk for account in page.items])
        if not page.next:
            return pages, page
        cursors = {"after": page.next}


@pytest.mark.parametrize("sort", list(AccountSort))
def test_pages_show_every_account_once_forwards_and_backwards(either_way, company, sort):
    same_moment = timezone.now()
    for _ in range(7):
        company.account(company.research, name="同名", created_at=same_moment)
    query = AccountQuery(company.research, sort=sort)

    pages, page = page_through(query, size=3)
    backwards = [pages[-1]]
    while page.previous:
        page = account_page(query, cursors={"before": page.previous}, size=3)
        backwards.insert(0, [account.pk for account in page.items])

    seen = [pk for page in pages for pk in page]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len(set(seen)) == 7
    assert backwards == pages


def test_accounts_that_come_and_go_shift_no_page(company):
    for name in "BDFHJ":
        company.account(company.research, name=name)
    query = AccountQuery(company.research)
    first = account_page(query, cursors={}, size=2)

    company.account(company.research, name="A")
    Account.objects.get(name="D").delete()
    second = account_page(query, cursors={"after": first.next}, size=2)

    assert [account.name for account in second.items] == ["F", "H"]


def test_before_the_first_rows_there_is_the_first_page(company):
    for name in "BDF":
        company.account(company.research, name=name)
    query = AccountQuery(company.research)
    second = account_page(
        query, cursors={"after": account_page(query, cursors={}, size=1).next}, size=1
    )
    company.account(company.research, name="A")

    page = account_page(query, cursors={"before": second.previous}, size=2)

    assert [account.name for account in page.items] == ["A", "B"]
    assert not page.previous


@pytest.mark.parametrize(
    "cursor", ["x", "bm90aGluZw", "W251bGwsMV0", "WyJhXHUwMDAwIiwxXQ", "WzEsMl0"]
)
def test_a_made_up_cursor_does_no_harm(company, cursor):
    company.account(company.research, name="A")

    for key in ("after", "before"):
        for sort in AccountSort:
            account_page(AccountQuery(company.research, sort=sort), cursors={key: cursor})

    assert names(AccountQuery(company.research, sort="created"), cursors={"after": "x"}) == ["A"]


def test_the_total_is_exact_for_a_department_and_capped_for_a_search(company, monkeypatch):
    for _ in range(5):
        company.account(company.research, name="同名")
    shared = company.account(company.sales)
    Membership.objects.create(account=shared, department=company.export)
    monkeypatch.setattr("admin_platform.paging.CAP", 3)

    whole = account_page(AccountQuery(company.root), cursors={}, size=2)
    searched = account_page(AccountQuery(company.root, search="同"), cursors={}, size=2)

    assert whole.total_text == "8"
    assert searched.total_text == "3+"


def test_a_page_takes_as_many_queries_with_ten_accounts_as_with_many(company):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = account_page(AccountQuery(company.root), cursors={}, size=20)
            [str(a.mailbox.usage_percent) + str(a.memberships.all()) for a in page.items]
        return len(captured)

    for _ in range(8):
        company.account(company.research)
    with_ten = queries()
    for _ in range(30):
        company.account(company.export)
    with_many = queries()

    assert with_ten == with_many == 4
