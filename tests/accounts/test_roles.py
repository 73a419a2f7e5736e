"""The organization's own roles: services and pages."""

import pytest
from django.urls import reverse

from accounts.grant_errors import PresetRole, RoleBeyondOwn, RoleInUse, RoleNameTaken
from accounts.models import Role
from accounts.presets import AUDITOR, FULL_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from accounts.services.roles import change_role, create_role, delete_role
from admin_platform.models import AuditRecord
from tests.factories.accounts import AccountFactory, grant, grant_functions, system_operator
from tests.factories.orgs import DepartmentFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return OrganizationFactory()


@pytest.fixture
def administrator(organization):
    account = AccountFactory(organization=organization)
    grant(account, FULL_ADMINISTRATOR)
    return account


@pytest.fixture
def clerk(organization):
    """Manages roles, but holds little else."""
    account = AccountFactory(organization=organization)
    grant_functions(account, "role.view", "role.manage", "account.view", "account.create")
    return account


def own_role(organization, *functions, name="门卫"):
    return create_role(
        organization=organization,
        name=name,
        description="",
        functions=functions,
        actor=system_operator(organization),
    )


def test_whoever_may_change_something_also_sees_it(organization):
    role = own_role(organization, "account.create")

    assert role.functions == ["account.create", "account.view"]


def test_a_role_cannot_get_a_function_that_its_editor_lacks(organization, clerk):
    with pytest.raises(RoleBeyondOwn):
        create_role(
            organization=organization,
            name="Mightier",
            description="",
            functions=["account.delete"],
            actor=operator_of(clerk),
        )

    assert not Role.objects.filter(name="Mightier").exists()


def test_a_function_held_in_one_department_only_is_not_put_into_a_role(organization, clerk):
    part = AccountFactory(organization=organization)
    root = DepartmentFactory(organization=organization)
    grant(part, FULL_ADMINISTRATOR, DepartmentFactory(parent=root))

    with pytest.raises(RoleBeyondOwn):
        create_role(
            organization=organization,
            name="Mightier",
            description="",
            functions=["account.view"],
            actor=operator_of(part),
        )


def test_a_role_that_gives_more_than_its_editor_holds_cannot_be_changed(organization, clerk):
    role = own_role(organization, "account.delete")
    values = {"name": role.name, "description": "", "functions": ["account.view"]}

    with pytest.raises(RoleBeyondOwn):
        change_role(role=role, **values, actor=operator_of(clerk))
    with pytest.raises(RoleBeyondOwn):
        delete_role(role=role, actor=operator_of(clerk))

    role.refresh_from_db()
    assert role.functions == ["account.delete", "account.view"]


def test_what_its_editor_lost_meanwhile_counts(organization, clerk):
    before = operator_of(clerk)
    clerk.grants.all().delete()

    with pytest.raises(RoleBeyondOwn):
        create_role(
            organization=organization,
            name="Late",
            description="",
            functions=["account.view"],
            actor=before,
        )


def test_preset_roles_stay_as_they_are(administrator):
    with pytest.raises(PresetRole):
        delete_role(role=Role.objects.get(code=AUDITOR), actor=operator_of(administrator))


def test_a_name_belongs_to_one_role_of_the_organization(organization):
    own_role(organization, "account.view")
    own_role(OrganizationFactory(), "account.view")

    with pytest.raises(RoleNameTaken):
        own_role(organization, "account.view")
    with pytest.raises(RoleNameTaken):
        own_role(organization, "account.view", name="审计员")


def test_a_role_in_use_is_not_deleted_and_says_the_way_out(organization, administrator, client):
    role = own_role(organization, "account.view")
    holder = AccountFactory(organization=organization)
    holder.grants.create(organization=organization, role=role, granted_by_name="test")
    client.force_login(administrator)

    with pytest.raises(RoleInUse):
        delete_role(role=role, actor=operator_of(administrator))
    page = client.post(reverse("roles:role-delete", args=[role.pk]))

    assert page.status_code == 422
    assert f"{reverse('grants:grant-list')}?role={role.pk}" in page.content.decode()
    assert Role.objects.filter(pk=role.pk).exists()


def test_the_record_of_a_change_names_the_functions_that_came_and_went(organization):
    role = own_role(organization, "account.create")

    change_role(
        role=role,
        name=role.name,
        description="",
        functions=["account.view", "account.delete"],
        actor=system_operator(organization),
    )

    record = AuditRecord.objects.get(action="role.changed")
    assert record.before == {"functions": ["account.create"]}
    assert record.after == {"functions": ["account.delete"]}


def test_a_changed_role_counts_at_the_holders_next_request(organization, administrator, client):
    role = own_role(organization, "account.view", "role.view")
    holder = AccountFactory(organization=organization)
    made = holder.grants.create(organization=organization, role=role, granted_by_name="test")
    made.departments.set([DepartmentFactory(organization=organization)])
    client.force_login(holder)
    before = client.get(reverse("roles:role-list")).status_code

    change_role(
        role=role,
        name=role.name,
        description="",
        functions=["account.view"],
        actor=operator_of(administrator),
    )

    assert (before, client.get(reverse("roles:role-list")).status_code) == (200, 403)


def test_a_role_is_copied_changed_and_deleted_on_its_pages(administrator, client):
    client.force_login(administrator)
    preset = Role.objects.get(code=AUDITOR)

    form = client.get(reverse("roles:role-create"), {"copy": preset.pk})
    values = {"name": "审计组", "functions": ["log.view", "account.view"]}
    client.post(f"{reverse('roles:role-create')}?copy={preset.pk}", values)
    role = Role.objects.get(name="审计组")
    client.post(reverse("roles:role-edit", args=[role.pk]), values | {"name": "审计科"})
    role.refresh_from_db()
    client.post(reverse("roles:role-delete", args=[role.pk]))

    assert 'value="审计员 副本"' in form.content.decode()
    assert (role.name, role.functions) == ("审计科", ["account.view", "log.view"])
    assert not Role.objects.filter(pk=role.pk).exists()


def test_a_form_with_errors_keeps_what_was_ticked(administrator, client):
    client.force_login(administrator)

    page = client.post(reverse("roles:role-create"), {"name": "", "functions": ["log.view"]})

    text = page.content.decode()
    assert page.status_code == 422
    assert text.index('value="log.view"') < text.index("checked") < text.index("user_log.view")


def test_a_function_that_one_lacks_cannot_be_ticked_nor_sent(clerk, client):
    client.force_login(clerk)

    form = client.get(reverse("roles:role-create")).content.decode()
    sent = client.post(
        reverse("roles:role-create"), {"name": "Mightier", "functions": ["account.delete"]}
    )

    assert "disabled" in form[form.index('value="account.delete"') :][:80]
    assert "disabled" not in form[form.index('value="account.create"') :][:80]
    assert sent.status_code == 422
    assert not Role.objects.filter(name="Mightier").exists()


@pytest.mark.parametrize("page", ["role-edit", "role-delete"])
def test_presets_and_mightier_roles_open_for_no_change(organization, clerk, client, page):
    mightier = own_role(organization, "account.delete")
    preset = Role.objects.get(code=AUDITOR)
    client.force_login(clerk)

    codes = [
        client.post(reverse(f"roles:{page}", args=[role.pk])).status_code
        for role in (mightier, preset)
    ]

    assert codes == [403, 403]


def test_the_pages_of_roles_ask_the_same_questions_of_the_database_for_many(
    organization, administrator, client, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(administrator)
    counts = []
    for number in (1, 29):
        for n in range(number):
            own_role(organization, "account.view", name=f"Role {number} {n}")
        with django_assert_max_num_queries(20) as captured:
            client.get(reverse("roles:role-list"))
        counts.append(len(captured))

    assert counts[0] == counts[1]
