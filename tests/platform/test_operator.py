import pytest
from django.contrib.contenttypes.models import ContentType

from accounts.models import Account, Role
from accounts.presets import FULL_ADMINISTRATOR, HELPDESK
from accounts.selectors.operators import operator_of
from admin_platform import functions, menu
from admin_platform.operator import HeldGrant, Operator, Span
from orgs.models import Department
from tests.factories.accounts import AccountFactory, grant
from tests.factories.orgs import DepartmentFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


def operator_with(*grants: HeldGrant) -> Operator:
    return Operator(account_id=1, name="Ada", organization_id=1, grants=grants)


def test_a_function_counts_only_within_the_departments_of_its_own_grant():
    organization = OrganizationFactory()
    root = DepartmentFactory(organization=organization)
    sales, research = (DepartmentFactory(parent=root) for _ in range(2))
    account = AccountFactory(organization=organization)
    grant(account, "department_administrator", sales)
    grant(account, HELPDESK, research)
    sales.refresh_from_db()
    research.refresh_from_db()

    operator = operator_of(account)

    assert operator.can("account.create", sales)
    assert not operator.can("account.create", research)
    assert operator.can("account.password", research)


def test_the_scope_follows_the_function_of_the_page():
    organization = OrganizationFactory()
    root = DepartmentFactory(organization=organization)
    sales, research = (DepartmentFactory(parent=root) for _ in range(2))
    account = AccountFactory(organization=organization)
    grant(account, "department_administrator", sales)
    grant(account, HELPDESK, research)
    operator = operator_of(account)

    may_create = operator.at("account.create").scope(Department.objects.all())
    may_reset = operator.at("account.password").scope(Department.objects.all())

    assert list(may_create) == [sales]
    assert set(may_reset) == {sales, research}


def test_without_any_grant_nothing_is_in_scope():
    account = AccountFactory()

    operator = operator_of(account).at("account.view")

    assert not operator.has_console
    assert not operator.scope(Account.objects.all()).exists()


def test_a_full_administrator_never_sees_another_organization():
    account, foreign = AccountFactory(), AccountFactory()
    grant(account, FULL_ADMINISTRATOR)

    seen = operator_of(account).at("account.view").scope(Account.objects.all())

    assert account in seen
    assert foreign not in seen


def test_a_span_within_another_is_left_out():
    outer, inner, other = Span(1, 1, 10), Span(1, 2, 5), Span(2, 1, 4)
    operator = operator_with(HeldGrant(frozenset({"account.view"}), (inner, outer, other)))

    assert operator.spans("account.view") == (outer, other)


def test_a_model_without_a_scope_rule_is_never_shown_unscoped():
    operator = operator_with(HeldGrant(frozenset({"account.view"}), (Span(1, 1, 2),)))

    with pytest.raises(LookupError):
        operator.scope(ContentType.objects.all())


def test_resolving_the_operator_takes_two_queries(django_assert_num_queries):
    account = AccountFactory()
    for preset in (FULL_ADMINISTRATOR, HELPDESK):
        grant(account, preset)

    with django_assert_num_queries(2):
        operator_of(account)


def test_the_full_administrator_holds_every_function_there_is():
    role = Role.objects.get(code=FULL_ADMINISTRATOR)

    assert set(role.functions) == functions.codes()


def test_an_auditor_changes_nothing():
    role = Role.objects.get(code="auditor")

    assert role.functions
    assert all(code.endswith(".view") for code in role.functions)


def test_settings_of_the_whole_organization_are_not_held_by_whoever_has_a_part_of_it():
    organization = OrganizationFactory()
    root = DepartmentFactory(organization=organization)
    sales = DepartmentFactory(parent=root)
    part, whole = (AccountFactory(organization=organization) for _ in range(2))
    grant(part, FULL_ADMINISTRATOR, sales)
    grant(whole, FULL_ADMINISTRATOR, root)

    held = [operator_of(account).can("password_rule.manage") for account in (part, whole)]

    assert held == [False, True]
    assert operator_of(part).can("account.create", Department.objects.get(pk=sales.pk))


def test_a_grant_whose_departments_are_gone_gives_nothing():
    account = AccountFactory()
    grant(account, HELPDESK).departments.clear()

    assert not operator_of(account).has_console


def test_every_entry_of_the_menu_can_be_seen_without_being_changed():
    entries = menu.entries()

    assert [entry.code for entry in entries if not entry.function.endswith(".view")] == []
