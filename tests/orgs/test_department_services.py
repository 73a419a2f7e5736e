import pytest
from django.core.exceptions import ValidationError

from accounts.presets import DEPARTMENT_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from admin_platform.models import AuditRecord
from admin_platform.operator import Operator
from orgs import errors
from orgs.models import MAX_LEVELS, Department
from orgs.selectors.departments import search_departments
from orgs.services.departments import (
    DepartmentText,
    change_department,
    create_department,
    delete_department,
)
from tests.factories.accounts import AccountFactory, system_operator
from tests.factories.orgs import DepartmentFactory, OrganizationFactory
from tests.orgs.tree import assert_valid_tree, fresh, member_of, operator_in, outline

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return DepartmentFactory(organization=OrganizationFactory(), name="Root")


@pytest.fixture
def actor(root):
    return operator_in(root.organization)


def chain(parent: Department, length: int) -> Department:
    for _ in range(length):
        parent = DepartmentFactory(parent=parent)
    return fresh(parent)


def text(name: str, description: str = "") -> DepartmentText:
    return DepartmentText(name, description)


def test_a_new_department_comes_last_and_is_recorded(root, actor):
    create_department(parent=root, name="Sales", actor=actor)

    made = create_department(
        parent=root, name=" Research \t lab ", description="Tries things", actor=actor
    )

    assert outline(root) == {"Sales": {}, "Research lab": {}}
    assert_valid_tree(root)
    record = AuditRecord.objects.latest("pk")
    assert (record.action, record.target_id, record.department_id) == (
        "department.created",
        str(made.pk),
        made.pk,
    )
    assert record.after == {"path": "Research lab", "description": "Tries things"}


def test_a_parent_read_before_another_change_does_no_harm(root, actor):
    stale = fresh(root)
    for name in ("A", "B", "C"):
        create_department(parent=stale, name=name, actor=actor)

    assert outline(root) == {"A": {}, "B": {}, "C": {}}
    assert_valid_tree(root)


def test_two_siblings_of_one_name_are_refused_but_cousins_may_share_it(root, actor):
    sales = create_department(parent=root, name="Sales", actor=actor)
    create_department(parent=sales, name="Sales", actor=actor)

    with pytest.raises(errors.NameTaken):
        create_department(parent=root, name="Sales ", actor=actor)

    assert outline(root) == {"Sales": {"Sales": {}}}


@pytest.mark.parametrize("name", ["", "   ", "A / B", "x" * 65, "\u202e\x00"])
def test_what_is_no_name_is_refused(root, actor, name):
    with pytest.raises(ValidationError):
        create_department(parent=root, name=name, actor=actor)

    assert outline(root) == {}


def test_invisible_characters_are_dropped_from_a_name(root, actor):
    made = create_department(parent=root, name="Sa\u202eles\x00", actor=actor)

    assert made.name == "Sales"


def test_the_tree_grows_to_its_limit_and_no_deeper(root, actor):
    last = chain(root, MAX_LEVELS - 1)
    create_department(parent=last, name="Level 12", actor=actor)

    with pytest.raises(errors.TooDeep):
        create_department(
            parent=Department.objects.get(name="Level 12"), name="Level 13", actor=actor
        )


def test_creating_below_a_department_that_is_gone_is_refused(root, actor):
    sales = DepartmentFactory(parent=root)
    Department.objects.filter(pk=sales.pk).delete()

    with pytest.raises(errors.DepartmentGone):
        create_department(parent=sales, name="East", actor=actor)


def test_renaming_and_describing_write_only_what_changed(root, actor):
    sales = DepartmentFactory(parent=root, name="Sales", description="Sells")

    change_department(department=sales, wanted=text("Trade", "Sells"), actor=actor)

    record = AuditRecord.objects.get()
    assert (record.action, record.before, record.after) == (
        "department.changed",
        {"name": "Sales"},
        {"name": "Trade"},
    )
    assert fresh(sales).name == "Trade"


def test_a_renamed_department_is_found_by_its_new_pinyin(root, actor):
    sales = create_department(parent=root, name="销售部", actor=actor)

    change_department(department=sales, wanted=text("市场部"), actor=actor)

    assert not search_departments(actor, "xsb")
    assert search_departments(actor, "scb").get() == sales


def test_saving_without_a_change_writes_nothing(root, actor):
    sales = DepartmentFactory(parent=root, name="Sales")

    change_department(department=sales, wanted=text(" Sales "), actor=actor)

    assert not AuditRecord.objects.exists()


def test_renaming_to_the_name_of_a_sibling_is_refused(root, actor):
    DepartmentFactory(parent=root, name="Sales")
    trade = DepartmentFactory(parent=root, name="Trade")

    with pytest.raises(errors.NameTaken):
        change_department(department=trade, wanted=text("Sales"), actor=actor)


def test_who_edits_what_somebody_else_has_changed_meanwhile_is_told(root, actor):
    sales = DepartmentFactory(parent=root, name="Sales")
    change_department(department=sales, wanted=text("Trade"), actor=actor)

    with pytest.raises(errors.ChangedMeanwhile, match=f"{actor.name}.*Trade"):
        change_department(
            department=sales, wanted=text("Commerce"), seen=text("Sales"), actor=actor
        )

    assert fresh(sales).name == "Trade"


def test_two_people_may_edit_different_texts_at_once(root, actor):
    sales = DepartmentFactory(parent=root, name="Sales")
    seen = text("Sales")
    change_department(department=sales, wanted=text("Sales", "Sells"), seen=seen, actor=actor)

    change_department(department=sales, wanted=text("Trade"), seen=seen, actor=actor)

    assert DepartmentText.of(fresh(sales)) == text("Trade", "Sells")


def test_a_department_administrator_changes_what_is_below_the_granted_department(root):
    sales = DepartmentFactory(parent=root, name="Sales")
    east = DepartmentFactory(parent=sales, name="East")
    actor = operator_in(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales))

    change_department(department=east, wanted=text("Far East"), actor=actor)
    create_department(parent=sales, name="West", actor=actor)
    change_department(department=sales, wanted=text("Sales", "Sells"), actor=actor)

    assert outline(root) == {"Sales": {"Far East": {}, "West": {}}}
    assert fresh(sales).description == "Sells"


def test_the_name_of_the_granted_department_itself_is_its_parents_matter(root):
    sales = DepartmentFactory(parent=root, name="Sales")
    actor = operator_in(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales))

    with pytest.raises(errors.OutsideScope):
        change_department(department=sales, wanted=text("Empire"), actor=actor)
    with pytest.raises(errors.OutsideScope):
        delete_department(department=sales, actor=actor)

    assert fresh(sales).name == "Sales"


def test_a_change_outside_the_scope_is_refused_by_the_service_too(root):
    sales, finance = DepartmentFactory(parent=root), DepartmentFactory(parent=root)
    actor = operator_in(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales))

    with pytest.raises(errors.OutsideScope):
        create_department(parent=finance, name="Mine", actor=actor)


def test_the_scope_is_judged_by_the_tree_as_it_is_now_not_as_it_was(root, actor):
    sales, finance = (DepartmentFactory(parent=root, name=n) for n in ("Sales", "Finance"))
    administrator = operator_of(
        member_of(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(finance))
    )
    # Finance gets the numbers that another department had when the grants were read.
    delete_department(department=sales, actor=actor)
    legal = create_department(parent=root, name="Legal", actor=actor)
    assert administrator.can("department.manage", legal)

    create_department(parent=finance, name="Audit", actor=administrator)
    with pytest.raises(errors.OutsideScope):
        create_department(parent=legal, name="Stolen", actor=administrator)


def test_the_organization_itself_can_be_renamed_by_who_administers_all_of_it(root, actor):
    change_department(department=root, wanted=text("Company"), actor=actor)

    assert fresh(root).name == "Company"


def test_an_empty_department_is_deleted_and_the_tree_closes_its_gap(root, actor):
    first = DepartmentFactory(parent=root)
    DepartmentFactory(parent=root, name="B")

    delete_department(department=first, actor=actor)

    assert outline(root) == {"B": {}}
    assert_valid_tree(root)
    record = AuditRecord.objects.get()
    assert (record.action, record.target_name) == ("department.deleted", first.name)
    assert record.before == {"path": first.name, "description": ""}


def test_a_department_with_accounts_or_children_is_kept_and_the_way_out_is_told(root, actor):
    sales = DepartmentFactory(parent=root, name="Sales")
    DepartmentFactory.create_batch(2, parent=sales)
    AccountFactory(organization=root.organization, department=sales)

    with pytest.raises(errors.DepartmentInUse) as refusal:
        delete_department(department=sales, actor=actor)

    assert (refusal.value.accounts, refusal.value.children) == (1, 2)
    assert fresh(sales)


def test_an_account_with_only_a_further_membership_keeps_a_department_too(root, actor):
    sales = DepartmentFactory(parent=root)
    account = AccountFactory(organization=root.organization)
    account.departments.add(sales)

    with pytest.raises(errors.DepartmentInUse):
        delete_department(department=sales, actor=actor)


def test_the_organization_itself_cannot_be_deleted(root):
    with pytest.raises(errors.RootIsFixed):
        delete_department(department=root, actor=system_operator())


def test_without_the_function_nothing_can_be_changed_even_in_scope(root):
    nobody = Operator(account_id=1, name="Eve", organization_id=root.organization_id)

    with pytest.raises(errors.OutsideScope):
        create_department(parent=root, name="X", actor=nobody)
