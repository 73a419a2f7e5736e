import pytest
from django.urls import reverse

from accounts.models import Account
from admin_platform.models import AuditRecord, Job
from orgs.models import Department, Domain, Organization, ProviderNotice, Reseller
from orgs.models.organization import GIB
from tests.factories.accounts import AccountFactory, alias
from tests.factories.orgs import DepartmentFactory, DomainFactory, OrganizationFactory
from tests.orgs.tree import member_of

pytestmark = pytest.mark.django_db

LISTS = [
    "orgs_organization",
    "orgs_domain",
    "orgs_reseller",
    "orgs_providernotice",
    "admin_platform_job",
    "admin_platform_auditrecord",
    "accounts_account",
]
ORGANIZATION = {
    "name": "云栖科技有限公司",
    "short_name": "云栖科技",
    "seats": "60",
    "storage_gib": "100",
    "default_quota_gib": "5",
    "time_zone": "Asia/Shanghai",
    "reseller": "",
    "service_until": "",
}


@pytest.fixture
def staff(client):
    provider = OrganizationFactory(name="Provider", is_provider=True)
    account = AccountFactory(organization=provider, is_staff=True)
    client.force_login(account)
    return account


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


@pytest.mark.parametrize("name", LISTS)
def test_staff_see_every_list(client, staff, name):
    response = client.get(page(f"{name}_changelist"))

    assert response.status_code == 200


def strangers():
    provider = OrganizationFactory(is_provider=True)
    yield AccountFactory(organization=provider)
    yield member_of(OrganizationFactory())
    # The mark on an account of another organization, however it got there.
    yield AccountFactory(is_staff=True, is_superuser=True)


@pytest.mark.parametrize("name", LISTS)
def test_nobody_else_gets_in(client, name):
    for account in strangers():
        client.force_login(account)

        response = client.get(page(f"{name}_changelist"), follow=True)

        assert response.status_code == 403


def test_whoever_is_not_signed_in_goes_to_the_sign_in_of_the_platform(client):
    response = client.get(page("orgs_organization_changelist"), follow=True)

    assert response.redirect_chain[-1][0].startswith("/login/?next=/staff/")


def test_leaving_the_staff_pages_ends_the_session(client, staff):
    client.post(page("logout"), follow=True)

    assert client.get("/mail/").status_code == 302


def test_the_password_is_changed_where_everybody_changes_it(client, staff):
    assert client.get(page("password_change"))["Location"] == reverse("password-change")


def test_a_new_organization_comes_with_its_root_department_and_a_record(client, staff):
    response = client.post(page("orgs_organization_add"), ORGANIZATION)

    organization = Organization.objects.get(name="云栖科技有限公司")
    assert response.status_code == 302
    assert Department.objects.get(organization=organization).name == "云栖科技"
    assert (organization.storage_bytes, organization.seats) == (100 * GIB, 60)
    record = AuditRecord.objects.get(action="organization.created")
    assert (record.organization_id, record.actor_id) == (organization.pk, staff.pk)


def test_changing_an_organization_is_recorded_with_before_and_after(client, staff):
    organization = OrganizationFactory(
        name="云栖科技有限公司", short_name="云栖科技", seats=50, storage_bytes=100 * GIB,
        default_quota_bytes=5 * GIB,
    )  # fmt: skip

    client.post(page("orgs_organization_change", organization.pk), ORGANIZATION)

    record = AuditRecord.objects.get(action="organization.changed")
    assert (record.before, record.after) == ({"seats": 50}, {"seats": 60})


def test_storage_that_is_no_whole_number_stays_unless_it_is_changed(client, staff):
    organization = OrganizationFactory(storage_bytes=100 * GIB + 7)

    client.post(page("orgs_organization_change", organization.pk), ORGANIZATION)

    organization.refresh_from_db()
    assert organization.storage_bytes == 100 * GIB + 7


def test_the_root_department_follows_a_renamed_organization_unless_it_has_its_own_name(
    client, staff
):
    same, own = OrganizationFactory(name="Old"), OrganizationFactory(name="Old too")
    root = DepartmentFactory(organization=same, name="Old")
    other = DepartmentFactory(organization=own, name="Ours")

    for organization in (same, own):
        client.post(page("orgs_organization_change", organization.pk), ORGANIZATION)

    root.refresh_from_db()
    other.refresh_from_db()
    assert (root.name, other.name) == ("云栖科技", "Ours")


def test_fewer_seats_than_accounts_are_taken_with_a_warning(client, staff):
    organization = OrganizationFactory()
    AccountFactory.create_batch(2, organization=organization)

    response = client.post(
        page("orgs_organization_change", organization.pk),
        ORGANIZATION | {"seats": "1"},
        follow=True,
    )

    assert "warning" in [m.level_tag for m in response.context["messages"]]
    organization.refresh_from_db()
    assert organization.seats == 1


def test_the_list_shows_the_seats_in_use(client, staff):
    organization = OrganizationFactory(name="Busy")
    AccountFactory.create_batch(3, organization=organization)

    result = client.get(page("orgs_organization_changelist"), {"q": "Busy"}).context["cl"]

    assert [row.used for row in result.result_list] == [3]


def test_an_organization_cannot_be_deleted(client, staff):
    organization = OrganizationFactory()

    response = client.post(page("orgs_organization_delete", organization.pk), {"post": "yes"})

    assert response.status_code == 403


def test_a_domain_and_its_alias_are_added_by_the_service(client, staff):
    organization = OrganizationFactory()
    client.post(page("orgs_domain_add"), {"name": "new.example", "organization": organization.pk})
    target = Domain.objects.get(name="new.example")
    client.post(
        page("orgs_domain_add"),
        {"name": "alias.example", "organization": organization.pk, "alias_of": target.pk},
    )

    assert Domain.objects.get(name="alias.example").alias_of == target
    assert AuditRecord.objects.filter(action="domain.created").count() == 2


@pytest.mark.parametrize("wrong", ["foreign", "alias"])
def test_an_alias_leads_to_a_main_domain_of_its_own_organization(client, staff, wrong):
    organization = OrganizationFactory()
    main = DomainFactory(organization=organization)
    target = {
        "foreign": DomainFactory(),
        "alias": DomainFactory(organization=organization, alias_of=main),
    }[wrong]

    response = client.post(
        page("orgs_domain_add"),
        {"name": "x.example", "organization": organization.pk, "alias_of": target.pk},
    )

    assert response.status_code == 200
    assert not Domain.objects.filter(name="x.example").exists()


def test_a_domain_with_accounts_is_not_deleted(client, staff):
    account = AccountFactory()

    client.post(page("orgs_domain_delete", account.domain_id), {"post": "yes"})

    assert Domain.objects.filter(pk=account.domain_id).exists()


def test_notices_and_resellers_are_kept_and_recorded(client, staff):
    client.post(
        page("orgs_providernotice_add"),
        {"title": "Maintenance", "body": "", "starts_at_0": "2026-03-12", "starts_at_1": "09:00"},
    )
    client.post(page("orgs_reseller_add"), {"name": "Dealer", "phone": "", "email": ""})
    reseller = Reseller.objects.get()
    client.post(page("orgs_reseller_delete", reseller.pk), {"post": "yes"})

    assert ProviderNotice.objects.get().title == "Maintenance"
    assert not Reseller.objects.exists()
    assert list(AuditRecord.objects.order_by("pk").values_list("action", "target_name")) == [
        ("staff.created", "Maintenance"),
        ("staff.created", "Dealer"),
        ("staff.deleted", "Dealer"),
    ]


def act(client, action, *jobs):
    return client.post(
        page("admin_platform_job_changelist"),
        {"action": action, "_selected_action": [job.pk for job in jobs]},
    )


def test_jobs_are_stopped_and_have_to_go_on(client, staff):
    job = Job.objects.create(kind="import")

    act(client, "stop", job)
    stopped = Job.objects.get().state
    act(client, "go_on", job)

    assert (stopped, Job.objects.get().state) == (Job.State.CANCELLED, Job.State.QUEUED)
    assert AuditRecord.objects.count() == 2


@pytest.mark.parametrize("name", ["admin_platform_job", "admin_platform_auditrecord"])
def test_jobs_and_records_are_only_read(client, staff, name):
    Job.objects.create(kind="import")
    client.post(page("orgs_reseller_add"), {"name": "Dealer", "phone": "", "email": ""})
    model = Job if name == "admin_platform_job" else AuditRecord
    pk = model.objects.get().pk

    assert client.get(page(f"{name}_change", pk)).status_code == 200
    assert client.post(page(f"{name}_change", pk), {"kind": "x"}).status_code == 403
    assert client.post(page(f"{name}_delete", pk), {"post": "yes"}).status_code == 403
    assert client.get(page(f"{name}_add")).status_code == 403


def test_an_account_is_found_by_its_alias_and_leads_to_its_organization(client, staff):
    account = AccountFactory(name="林文博")
    AccountFactory()
    alias(account, f"director@{account.domain.name}")

    response = client.get(page("accounts_account_changelist"), {"q": "director"})

    assert list(response.context["cl"].result_list) == [account]
    assert page("orgs_organization_change", account.organization_id) in response.content.decode()


def test_an_account_is_only_looked_at_and_its_password_not_even_that(client, staff):
    account = AccountFactory()
    address = page("accounts_account_change", account.pk)

    shown = client.get(address)

    assert shown.status_code == 200
    assert account.password not in shown.content.decode()
    assert client.post(address, {"name": "x"}).status_code == 403
    assert Account.objects.get(pk=account.pk).name == account.name
