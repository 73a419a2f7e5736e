"""Creating an account on its form."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from accounts.presets import AUDITOR
from admin_platform.models import AuditRecord
from mailing_lists.models import ListMember
from mailing_lists.services.lists import create_list
from tests.accounts.pages import filled
from tests.factories.accounts import grant
from tests.factories.orgs import DepartmentFactory, DomainFactory, OrganizationFactory

pytestmark = pytest.mark.django_db
URL = "/console/accounts/create/"


@pytest.fixture
def administrator(client, company):
    client.force_login(company.administrator)
    return client


def text(response):
    return response.content.decode()


def test_an_account_with_a_generated_password_is_created_and_the_password_shown(
    administrator, company
):
    response = administrator.post(URL, filled(company))

    account = Account.objects.get(address="wei.zhang@yunqi.example")
    password = response.context["password"]
    assert response.status_code == 200
    assert password in text(response)
    assert account.check_password(password)
    assert account.must_change_password
    assert "no-store" in response["Cache-Control"]
    assert response["HX-Push-Url"] == reverse("accounts:account-detail", args=[account.pk])


def test_the_password_is_kept_nowhere_but_as_its_hash(administrator, company):
    response = administrator.post(URL, filled(company))

    password = response.context["password"]
    kept = str(dict(administrator.session)) + str(list(AuditRecord.objects.values()))
    assert password not in kept
    assert password not in text(administrator.get(URL))


def test_what_is_chosen_on_the_form_is_stored(administrator, company):
    values = filled(
        company,
        departments=[company.sales.pk, company.research.pk],
        primary=company.research.pk,
        password_mode="given",
        password="Stille-Wasser-7",
        must_change_password=None,
        employee_no=" YQ-7 ",
        mobile="+86 138 0000 1234",
        title="工程师",
        expires_on="2099-12-31",
        quota="2.5",
        aliases="zw\nzhang.wei@yunqi.example",
        receive_scope="internal",
        send_scope="none",
        protocols=["web", "smtp"],
        forwarding_allowed="on",
        forward_to="a@out.example",
        keep_copy=None,
    )

    response = administrator.post(URL, values)

    account = Account.objects.get(name="张伟")
    assert response["Location"] == reverse("accounts:account-detail", args=[account.pk])
    primaries = dict(account.memberships.values_list("department", "is_primary"))
    assert primaries == {company.research.pk: True, company.sales.pk: False}
    assert account.check_password("Stille-Wasser-7")
    assert not account.must_change_password
    person = (account.employee_no, account.mobile, account.title)
    assert person == ("YQ-7", "13800001234", "工程师")
    assert account.expires_at.isoformat() == "2099-12-31T16:00:00+00:00"
    aliases = account.addresses.filter(kind="alias").order_by("address")
    assert [a.address for a in aliases] == ["zhang.wei@yunqi.example", "zw@yunqi.example"]
    mailbox = account.mailbox
    assert mailbox.quota_bytes == int(2.5 * 1024**3)
    assert (mailbox.receive_scope, mailbox.send_scope) == ("internal", "none")
    assert (mailbox.imap_enabled, mailbox.pop3_enabled) == (False, False)
    assert (mailbox.web_enabled, mailbox.smtp_enabled) == (True, True)
    assert mailbox.forwarding_allowed
    assert (mailbox.forward_to, mailbox.keep_copy) == (["a@out.example"], False)


def test_without_a_mailbox_its_entries_do_not_count(administrator, company):
    values = filled(company, create_mailbox=None, quota="much", aliases="@@", forward_to="nobody")

    administrator.post(URL, values)

    account = Account.objects.get(name="张伟")
    assert not account.has_mailbox
    assert account.addresses.count() == 1


def test_an_error_keeps_what_was_typed_and_counts_in_its_section(administrator, company):
    values = filled(company, name="", aliases="zw, wrong@@", quota="-1", title="工程师")

    response = administrator.post(URL, values)

    page = text(response)
    assert response.status_code == 422
    assert 'value="wei.zhang"' in page
    assert 'value="工程师"' in page
    assert "wrong@@" in page
    assert [section.errors for section in response.context["sections"]] == [1, 2, 0, 0]
    assert not Account.objects.filter(local_part="wei.zhang").exists()


def test_a_taken_address_is_refused_with_another_one_to_take(administrator, company):
    company.account(local_part="wei.zhang", name="张巍")

    response = administrator.post(URL, filled(company))

    assert response.status_code == 422
    assert "张巍 (销售中心)" in text(response)
    assert "wei.zhang2" in text(response)


def test_the_account_beyond_the_seats_is_refused_and_what_was_typed_stays(administrator, company):
    company.organization.seats = 2
    company.organization.save()

    response = administrator.post(URL, filled(company))

    assert response.status_code == 422
    assert 'value="wei.zhang"' in text(response)
    assert Account.objects.count() == 2


def test_a_password_against_the_rules_is_refused_at_its_field(administrator, company):
    response = administrator.post(URL, filled(company, password_mode="given", password="123"))

    assert response.status_code == 422
    assert "password" in response.context["form"].errors


def test_choosing_to_type_a_password_needs_one(administrator, company):
    response = administrator.post(URL, filled(company, password_mode="given"))

    assert list(response.context["form"].errors) == ["password"]


@pytest.mark.parametrize("day", ["2020-01-01", "9999-12-31"])
def test_an_expiry_that_is_over_or_never_ends_is_refused(administrator, company, day):
    response = administrator.post(URL, filled(company, expires_on=day))

    assert list(response.context["form"].errors) == ["expires_on"]


@pytest.mark.parametrize("department", ["research", "foreign", "x", "-1"])
def test_departments_out_of_scope_cannot_be_chosen(client, company, department):
    client.force_login(company.sales_administrator)
    pk = company.research.pk if department == "research" else department
    pk = DepartmentFactory(organization=OrganizationFactory()).pk if pk == "foreign" else pk

    response = client.post(URL, filled(company, departments=[pk]))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["departments"]


def test_the_domain_of_another_organization_cannot_be_chosen(administrator, company):
    response = administrator.post(URL, filled(company, domain=DomainFactory().pk))

    assert list(response.context["form"].errors) == ["domain"]


def test_the_department_one_comes_from_is_chosen(administrator, company):
    response = administrator.get(URL, {"department": company.export.pk})

    chosen = [option.pk for option in response.context["picker"].chosen]
    assert chosen == [company.export.pk]


def test_a_department_administrator_is_offered_own_departments_only(client, company):
    client.force_login(company.sales_administrator)

    response = client.get(URL, {"department": company.research.pk})

    offered = [option.pk for option in response.context["picker"].found]
    assert offered == [company.sales.pk, company.export.pk]
    assert "研发中心" not in text(response)


def test_without_scripts_departments_are_found_with_the_form_kept(administrator, company):
    values = filled(company, name="", department_q="华东", department_answered="", find="1")

    response = administrator.post(URL, values)

    picker = response.context["picker"]
    assert response.status_code == 200
    assert [option.path for option in picker.found] == ["销售中心 / 华东大区"]
    assert [option.pk for option in picker.chosen] == [company.sales.pk]
    assert 'value="wei.zhang"' in text(response)
    assert not response.context["form"].errors


def test_enter_in_the_search_for_departments_creates_nothing(administrator, company):
    administrator.post(URL, filled(company, department_q="华东", department_answered=""))

    assert not Account.objects.filter(name="张伟").exists()


def test_with_scripts_the_field_alone_is_answered(client, company):
    client.force_login(company.sales_administrator)

    response = client.get(
        reverse("accounts:account-departments"),
        {
            "function": "account.create",
            "departments": [company.sales.pk, company.export.pk, company.research.pk],
            "primary": company.export.pk,
        },
        headers={"HX-Request": "true"},
    )

    chosen = [(o.pk, o.is_primary) for o in response.context["picker"].chosen]
    assert chosen == [(company.sales.pk, False), (company.export.pk, True)]
    assert "<html" not in text(response)


@pytest.mark.parametrize("query", [{"function": "account.delete"}, {"function": "x"}, {}])
def test_the_field_answers_for_its_own_functions_only(administrator, query):
    assert administrator.get("/console/accounts/departments/", query).status_code == 404


def test_the_field_needs_the_function(client, company):
    account = company.account()
    grant(account, AUDITOR, company.root)
    client.force_login(account)

    response = client.get("/console/accounts/departments/", {"function": "account.create"})

    assert response.status_code == 403


def test_the_next_account_is_asked_for_with_the_password_of_the_last(administrator, company):
    response = administrator.post(f"{URL}?department={company.sales.pk}", filled(company, next="1"))

    page = text(response)
    assert response.status_code == 200
    assert response.context["created"].password in page
    assert 'value="wei.zhang"' not in page
    assert [option.pk for option in response.context["picker"].chosen] == [company.sales.pk]


def test_seats_and_storage_left_are_told(administrator, company):
    company.organization.seats = 7
    company.organization.storage_bytes = 100 * 1024**3
    company.organization.save()

    page = text(administrator.get(URL))

    assert "还可新建 5 个帐号" in page
    assert "80 GB" in page


def test_an_account_joins_the_chosen_lists(administrator, company):
    everyone = create_list(domain=company.domain, local_part="all", name="全体", actor=company.full)
    create_list(domain=company.domain, local_part="rd", name="研发", actor=company.full)

    administrator.post(URL, filled(company, groups_lists=[everyone.pk]))

    account = Account.objects.get(name="张伟")
    assert [m.mailing_list for m in ListMember.objects.filter(account=account)] == [everyone]


def test_lists_are_not_offered_to_whoever_may_not_manage_them(client, company):
    create_list(domain=company.domain, local_part="all", name="全体", actor=company.full)
    client.force_login(company.sales_administrator)

    assert "groups_lists" not in client.get(URL).context["form"].fields
    client.post(URL, filled(company, groups_lists=["1"]))
    assert not ListMember.objects.exists()


def test_the_form_takes_as_many_queries_for_many_departments(administrator, company):
    with CaptureQueriesContext(connection) as few:
        administrator.get(URL)
    for _ in range(60):
        DepartmentFactory(parent=company.research)

    with CaptureQueriesContext(connection) as many:
        response = administrator.get(URL)

    assert len(many) == len(few)
    assert response.context["picker"].more
