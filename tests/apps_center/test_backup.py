"""Self-backup by the console (manual, 10.5), and what it does to mail."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import AccountStatus
from accounts.models import Account
from accounts.presets import FULL_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from accounts.services.accounts import Person, change_account
from accounts.services.deletion import delete_accounts
from accounts.services.status import StatusChange, set_status
from admin_platform.models import AuditRecord
from apps_center.errors import BackupRefused, IsMainBackup
from apps_center.models import BackupRule
from apps_center.services.backup import create_backups, delete_backups
from tests.factories.accounts import AccountFactory, grant
from tests.threads import at_once

pytestmark = pytest.mark.django_db

LIST, CREATE = "/console/apps/backup/", "/console/apps/backup/create/"
DELETE = "/console/apps/backup/delete/"


@pytest.fixture
def administrator() -> Account:
    account = AccountFactory(name="林文博")
    grant(account, FULL_ADMINISTRATOR)
    return account


@pytest.fixture
def operator(administrator):
    return operator_of(administrator)


@pytest.fixture
def member(administrator):
    department = administrator.memberships.get().department

    def make(name: str, **fields) -> Account:
        return AccountFactory(
            organization=administrator.organization,
            domain=administrator.domain,
            department=department,
            name=name,
            **fields,
        )

    return make


@pytest.fixture
def console(client, administrator):
    client.force_login(administrator)
    return client


def rules() -> set[tuple[str, str]]:
    return set(BackupRule.objects.values_list("main__name", "backed_up__name"))


def test_one_mailbox_backs_up_several_and_is_backed_up_itself(operator, member):
    a, b, c = member("甲"), member("乙"), member("丙")

    create_backups(main=a, backed_up=[b, c], actor=operator)
    create_backups(main=member("丁"), backed_up=[a], actor=operator)

    assert rules() == {("甲", "乙"), ("甲", "丙"), ("丁", "甲")}
    assert AuditRecord.objects.filter(action="backup.created").count() == 3


def test_a_circle_oneself_and_a_second_main_are_refused_and_nothing_is_saved(operator, member):
    a, b, c = member("甲"), member("乙"), member("丙")
    create_backups(main=a, backed_up=[b], actor=operator)
    create_backups(main=b, backed_up=[c], actor=operator)

    for main, backed_up, why in (
        (c, [member("丁"), a], "循环"),
        (a, [a], "不能备份自己"),
        (c, [b], "已由 甲 备份"),
    ):
        with pytest.raises(BackupRefused, match=why):
            create_backups(main=main, backed_up=backed_up, actor=operator)

    assert rules() == {("甲", "乙"), ("乙", "丙")}


@pytest.mark.django_db(transaction=True)
def test_two_rules_at_once_close_no_circle(operator, member):
    a, b = member("甲"), member("乙")

    outcomes = at_once(
        lambda: create_backups(main=a, backed_up=[b], actor=operator),
        lambda: create_backups(main=b, backed_up=[a], actor=operator),
        refusals=(BackupRefused,),
    )

    assert sum(isinstance(outcome, BackupRefused) for outcome in outcomes) == 1
    assert BackupRule.objects.count() == 1


def test_the_database_refuses_circles_too(member):
    a, b = member("甲"), member("乙")
    BackupRule.objects.create(main=a, backed_up=b)

    with pytest.raises(IntegrityError), transaction.atomic():
        BackupRule.objects.create(main=b, backed_up=a)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": AccountStatus.DISABLED},
        {"status": AccountStatus.FROZEN},
        {"expires_at": timezone.now() - timedelta(days=1)},
        {"mailbox": False},
    ],
    ids=["disabled", "frozen", "expired", "without a mailbox"],
)
def test_what_cannot_be_used_is_neither_main_nor_backed_up(operator, member, fields):
    unusable, usable = member("甲", **fields), member("乙")

    for main, backed_up, field in ((unusable, usable, "main"), (usable, unusable, "backed_up")):
        with pytest.raises(BackupRefused) as refused:
            create_backups(main=main, backed_up=[backed_up], actor=operator)
        assert refused.value.field == field


def test_an_account_that_will_expire_is_no_main_mailbox(operator, member):
    main = member("甲", expires_at=timezone.now() + timedelta(days=30))

    with pytest.raises(BackupRefused, match="过期时间"):
        create_backups(main=main, backed_up=[member("乙")], actor=operator)


def test_a_main_mailbox_is_not_disabled_deleted_or_given_an_expiry(operator, member):
    main, backed_up = member("甲"), member("乙")
    create_backups(main=main, backed_up=[backed_up], actor=operator)
    later = timezone.now() + timedelta(days=30)

    for end in (
        lambda: set_status(
            account_ids=[main.pk], change=StatusChange(AccountStatus.FROZEN), actor=operator
        ),
        lambda: delete_accounts(account_ids=[main.pk], actor=operator),
        lambda: change_account(
            account=main, person=Person(name="甲", expires_at=later), actor=operator
        ),
    ):
        with pytest.raises(IsMainBackup):
            end()
    delete_backups(rule_ids=BackupRule.objects.values_list("pk", flat=True), actor=operator)
    delete_accounts(account_ids=[main.pk], actor=operator)


def test_a_backed_up_mailbox_that_is_disabled_stays_in_the_list(operator, member, console):
    backed_up = member("乙")
    create_backups(main=member("甲"), backed_up=[backed_up], actor=operator)
    set_status(
        account_ids=[backed_up.pk], change=StatusChange(AccountStatus.DISABLED), actor=operator
    )

    page = console.get(LIST).content.decode()

    assert "乙" in page
    assert "禁用" in page


def test_backups_are_made_on_the_page_and_refusals_keep_what_was_chosen(console, member):
    a, b = member("甲甲"), member("乙乙")

    console.post(CREATE, {"main": a.pk, "backed_up": b.pk})
    refused = console.post(CREATE, {"main": b.pk, "backed_up": a.pk})

    assert rules() == {("甲甲", "乙乙")}
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "不能循环备份" in page
    assert f'value="{a.pk}"' in page


def test_a_main_mailbox_is_chosen_just_once(console, member):
    a, b, c = member("甲"), member("乙"), member("丙")

    refused = console.post(CREATE, {"main": [a.pk, b.pk], "backed_up": c.pk})

    assert "请选择一个主备份邮箱。" in refused.content.decode()
    assert not rules()


def test_ticked_backups_are_deleted_after_a_question(console, operator, member):
    create_backups(main=member("甲"), backed_up=[member("乙"), member("丙")], actor=operator)
    ids = list(BackupRule.objects.values_list("pk", flat=True))

    asked = console.get(DELETE, {"id": ids}).content.decode()
    console.post(DELETE, {"id": ids})

    assert "乙，由 甲 备份" in asked
    assert not rules()


def test_backups_of_another_organization_are_neither_seen_nor_deleted(console):
    main = AccountFactory(name="外人")
    theirs = BackupRule.objects.create(
        main=main, backed_up=AccountFactory(organization=main.organization, domain=main.domain)
    )

    page = console.get(LIST).content.decode()
    console.post(DELETE, {"id": theirs.pk})

    assert "外人" not in page
    assert BackupRule.objects.count() == 1


def test_members_of_another_organization_cannot_be_chosen(console, member):
    refused = console.post(CREATE, {"main": AccountFactory().pk, "backed_up": member("乙").pk})

    assert refused.status_code == 422
    assert not rules()


def test_the_list_takes_as_many_queries_with_ten_as_with_many(console, operator, member):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            console.get(LIST)
        return len(captured)

    main = member("甲")
    create_backups(main=main, backed_up=[member(f"乙{n}") for n in range(10)], actor=operator)
    with_ten = queries()
    create_backups(main=main, backed_up=[member(f"丙{n}") for n in range(90)], actor=operator)

    assert queries() <= with_ten + 1  # the total is asked where there is a second page


def test_the_home_page_says_whether_anything_is_backed_up(console, operator, member):
    def state() -> str:
        features = console.get("/console/").context["features"]
        return next(str(f.state) for f in features if f.entry.code == "backup")

    before = state()
    create_backups(main=member("甲"), backed_up=[member("乙")], actor=operator)

    assert (before, state()) == ("未启用", "已启用")
