import pytest

from accounts.models import Account, Membership
from accounts.presets import DEPARTMENT_ADMINISTRATOR
from admin_platform.models import AuditRecord
from orgs import errors
from orgs.models import MAX_LEVELS, Department
from orgs.selectors.departments import counts
from orgs.services.moves import move_department, shift_department
from tests.factories.accounts import AccountFactory, system_operator
from tests.factories.orgs import DepartmentFactory, OrganizationFactory
from tests.orgs.tree import assert_valid_tree, deepest_level, fresh, operator_in, outline

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return DepartmentFactory(organization=OrganizationFactory(), name="Root")


@pytest.fixture
def actor(root):
    return operator_in(root.organization)


@pytest.fixture
def made(root):
    """Root with A (A1, A2), B and C (C1), by name."""
    departments = {}
    for name, parent in [("A", ""), ("A1", "A"), ("A2", "A"), ("B", ""), ("C", ""), ("C1", "C")]:
        departments[name] = DepartmentFactory(parent=departments.get(parent, root), name=name)
    return departments


def test_a_department_moves_with_everything_below_it(root, actor, made):
    move_department(department=made["A"], target=made["C1"], actor=actor)

    assert outline(root) == {"B": {}, "C": {"C1": {"A": {"A1": {}, "A2": {}}}}}
    assert_valid_tree(root)
    record = AuditRecord.objects.get()
    assert (record.action, record.before, record.after) == (
        "department.moved",
        {"path": "A"},
        {"path": "C / C1 / A"},
    )


@pytest.mark.parametrize(
    ("target", "position", "expected"),
    [
        ("C", "first-child", {"A": {"A1": {}, "A2": {}}, "C": {"B": {}, "C1": {}}}),
        ("A2", "left", {"A": {"A1": {}, "B": {}, "A2": {}}, "C": {"C1": {}}}),
        ("A2", "right", {"A": {"A1": {}, "A2": {}, "B": {}}, "C": {"C1": {}}}),
        ("A", "left", {"B": {}, "A": {"A1": {}, "A2": {}}, "C": {"C1": {}}}),
        ("C", "right", {"A": {"A1": {}, "A2": {}}, "C": {"C1": {}}, "B": {}}),
    ],
)
def test_a_department_is_put_below_or_beside_another(root, actor, made, target, position, expected):
    move_department(department=made["B"], target=made[target], position=position, actor=actor)

    assert outline(root) == expected
    assert_valid_tree(root)


@pytest.mark.parametrize("target", ["A", "A1"])
def test_a_department_cannot_be_moved_into_itself_or_below(root, actor, made, target):
    before = outline(root)

    with pytest.raises(errors.MovedIntoItself):
        move_department(department=made["A"], target=made[target], actor=actor)

    assert outline(root) == before


def test_beside_the_organization_there_is_no_place(root, actor, made):
    with pytest.raises(errors.RootIsFixed):
        move_department(department=made["A"], target=root, position="right", actor=actor)
    with pytest.raises(errors.RootIsFixed):
        move_department(department=root, target=made["A"], actor=actor)


def test_a_taken_name_at_the_new_place_is_refused(root, actor, made):
    DepartmentFactory(parent=made["C"], name="A")

    with pytest.raises(errors.NameTaken):
        move_department(department=made["A"], target=made["C"], actor=actor)


def test_the_level_limit_counts_the_whole_moved_branch(root, actor, made):
    deep = made["C1"]
    while fresh(deep).level < MAX_LEVELS - 1:
        deep = DepartmentFactory(parent=deep)

    with pytest.raises(errors.TooDeep):
        move_department(department=made["A"], target=deep, actor=actor)
    move_department(department=made["B"], target=deep, actor=actor)

    assert deepest_level(root) == MAX_LEVELS
    assert_valid_tree(root)


def test_who_moves_what_somebody_else_has_moved_meanwhile_is_told(root, actor, made):
    seen = made["A"].parent_id
    move_department(department=made["A"], target=made["B"], actor=actor)

    with pytest.raises(errors.ChangedMeanwhile, match="B / A"):
        move_department(department=made["A"], target=made["C"], actor=actor, seen_parent_id=seen)


def test_a_department_administrator_moves_within_the_scope_only(root, made):
    a, c = fresh(made["A"]), fresh(made["C"])
    actor = operator_in(root.organization, DEPARTMENT_ADMINISTRATOR, a, c)

    move_department(department=made["A1"], target=made["C1"], actor=actor)
    for department, target in [("A2", "B"), ("B", "A"), ("A", "C")]:
        with pytest.raises(errors.OutsideScope):
            move_department(department=made[department], target=made[target], actor=actor)

    assert outline(root) == {"A": {"A2": {}}, "B": {}, "C": {"C1": {"A1": {}}}}


def test_a_department_of_another_organization_is_no_target_for_anybody(actor, made):
    foreign = DepartmentFactory(organization=OrganizationFactory())

    for who in (actor, system_operator()):
        with pytest.raises(errors.OutsideScope):
            move_department(department=made["A"], target=foreign, actor=who)


@pytest.mark.parametrize(
    ("name", "places", "expected"),
    [("B", -1, "BAC"), ("B", 1, "ACB"), ("A", -1, "ABC"), ("C", 5, "ABC"), ("C", -2, "CAB")],
)
def test_siblings_are_put_in_order(root, actor, made, name, places, expected):
    shift_department(department=made[name], places=places, actor=actor)

    assert "".join(outline(root)) == expected
    assert_valid_tree(root)


def test_a_changed_order_is_recorded_and_an_unchanged_one_is_not(root, actor, made):
    shift_department(department=made["C"], places=-1, actor=actor)
    shift_department(department=made["A"], places=-1, actor=actor)

    record = AuditRecord.objects.get()
    assert (record.action, record.before, record.after) == (
        "department.ordered",
        {"place": 3},
        {"place": 2},
    )


def test_after_a_move_every_account_still_counts_once_everywhere(root, actor, made):
    organization = root.organization
    for names in (["A1", "A2"], ["A1", "C1"], ["A", "A1", "B"], ["C", "C1"], ["B", "C1", "A2"]):
        account = AccountFactory(organization=organization, department=made[names[0]])
        Membership.objects.bulk_create(
            Membership(account=account, department=made[name]) for name in names[1:]
        )

    for name, target in [("A", "C1"), ("A1", "B"), ("C1", "B"), ("A", "B"), ("A1", "A2")]:
        move_department(department=made[name], target=made[target], actor=actor)
        for department in Department.objects.filter(organization=organization):
            below = department.get_descendants(include_self=True)
            there = Account.objects.filter(memberships__department__in=below).distinct().count()
            assert counts([department.pk])[department.pk].total == there
