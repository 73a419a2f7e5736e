import pytest
from django.urls import reverse

from accounts.presets import DEPARTMENT_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from orgs.models import Department
from orgs.selectors import tree
from tests.factories.accounts import AccountFactory
from tests.factories.orgs import DepartmentFactory, OrganizationFactory
from tests.orgs.tree import fresh, member_of, operator_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return DepartmentFactory(organization=OrganizationFactory(), name="Root")


def shape(nodes):
    """The visible names, children nested below their parent."""
    return {node.name: shape(node.children) for node in nodes}


def test_at_first_only_the_top_of_the_tree_is_open(root):
    sales = DepartmentFactory(parent=root, name="Sales")
    DepartmentFactory(parent=sales, name="East")

    seen = tree.rail(operator_in(root.organization))

    assert shape(seen.nodes) == {"Root": {"Sales": {}}}
    assert seen.nodes[0].children[0].has_children


def test_what_leads_to_the_selected_department_is_open_though_it_was_closed(root):
    sales = DepartmentFactory(parent=root, name="Sales")
    east = DepartmentFactory(parent=sales, name="East")

    seen = tree.rail(operator_in(root.organization), fresh(east), [])

    assert shape(seen.nodes) == {"Root": {"Sales": {"East": {}}}}


def test_departments_come_in_their_order_with_all_accounts_below_them(root):
    second = DepartmentFactory(parent=root, name="Second")
    first = DepartmentFactory(parent=root, name="First")
    fresh(first).move_to(fresh(second), "left")
    inner = DepartmentFactory(parent=second, name="Inner")
    AccountFactory.create_batch(2, organization=root.organization, department=inner)
    operator = operator_in(root.organization)

    seen = tree.rail(operator)

    assert [(n.name, n.total) for n in seen.nodes[0].children] == [("First", 0), ("Second", 2)]


def test_a_department_administrator_sees_each_of_the_granted_trees_and_nothing_else(root):
    sales, research, finance = (
        DepartmentFactory(parent=root, name=name) for name in ("Sales", "Research", "Finance")
    )
    DepartmentFactory(parent=sales, name="East")
    DepartmentFactory(parent=finance, name="Audit")
    operator = operator_in(
        root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales), fresh(research)
    )

    seen = tree.rail(operator, open_ids=[root.pk, sales.pk, finance.pk])

    assert shape(seen.nodes) == {"Sales": {"East": {}}, "Research": {}}


def test_an_operator_without_departments_sees_an_empty_tree(root):
    operator = operator_of(AccountFactory(organization=root.organization)).at("department.view")

    assert tree.rail(operator).nodes == []


def test_many_children_come_in_parts_and_the_selected_one_is_never_left_out(root, monkeypatch):
    monkeypatch.setattr(tree, "CHILDREN_SHOWN", 2)
    names = ["A", "B", "C", "D", "E"]
    made = {name: DepartmentFactory(parent=root, name=name) for name in names}

    seen = tree.rail(operator_in(root.organization), fresh(made["E"])).nodes[0]
    more = tree.children(fresh(root), offset=2, early_id=seen.early_id)

    assert [node.name for node in seen.children] == ["A", "B", "E"]
    assert (seen.more, seen.early_id) == (2, made["E"].pk)
    assert [node.name for node in more.children] == ["C", "D"]


def test_a_search_shows_the_way_to_each_hit(root):
    sales = DepartmentFactory(parent=root, name="Sales")
    DepartmentFactory(parent=sales, name="East office")
    DepartmentFactory(parent=sales, name="West office", description="formerly east")
    DepartmentFactory(parent=root, name="Finance")

    seen = tree.found(operator_in(root.organization), "EAST")

    assert shape(seen.nodes) == {"Root": {"Sales": {"East office": {}, "West office": {}}}}
    assert [n.is_hit for n in seen.nodes[0].children[0].children] == [True, True]


@pytest.mark.parametrize("query", ["yanfazhongxin", "fazhong", "YFZX"])
def test_a_department_is_found_by_its_pinyin_and_by_the_initials(root, query):
    DepartmentFactory(parent=root, name="研发中心")
    DepartmentFactory(parent=root, name="财务部")

    seen = tree.found(operator_in(root.organization), query)

    assert shape(seen.nodes) == {"Root": {"研发中心": {}}}


def test_one_letter_is_not_taken_for_pinyin(root):
    DepartmentFactory(parent=root, name="研发中心")

    assert not tree.found(operator_in(root.organization), "y").nodes


def test_a_search_finds_nothing_outside_the_scope(root):
    sales = DepartmentFactory(parent=root, name="Sales")
    DepartmentFactory(parent=root, name="Finance sales")

    operator = operator_in(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales))

    assert shape(tree.found(operator, "sales").nodes) == {"Sales": {}}


@pytest.mark.parametrize("breadth", [2, 12])
def test_the_tree_takes_four_queries_however_large(root, breadth, django_assert_num_queries):
    for _ in range(breadth):
        child = DepartmentFactory(parent=root)
        for _ in range(breadth):
            DepartmentFactory(parent=child)
    operator = operator_in(root.organization)
    opened = list(Department.objects.values_list("pk", flat=True))
    root = fresh(root)

    with django_assert_num_queries(4):
        tree.rail(operator, root, opened)


def test_children_are_loaded_for_the_page_that_the_tree_stands_beside(client, root):
    sales = DepartmentFactory(parent=root, name="Sales")
    east = DepartmentFactory(parent=sales, name="East")
    client.force_login(member_of(root.organization))

    part = client.get(
        reverse("orgs:tree-children", args=[sales.pk]), {"to": "orgs:department-detail"}
    ).content.decode()

    assert reverse("orgs:department-detail", args=[east.pk]) in part
    assert "<html" not in part


@pytest.mark.parametrize("to", ["no:such-page", "home", "sign-out", "accounts:account-list/../x"])
def test_a_tree_beside_no_page_with_departments_does_not_exist(client, root, to):
    client.force_login(member_of(root.organization))

    response = client.get(reverse("orgs:tree-children", args=[root.pk]), {"to": to})

    assert response.status_code == 404


def test_children_of_a_foreign_department_do_not_exist(client, root):
    mine = DepartmentFactory(parent=root)
    client.force_login(member_of(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(mine)))
    foreign = DepartmentFactory(organization=OrganizationFactory())

    answers = [
        client.get(reverse("orgs:tree-children", args=[pk])).status_code
        for pk in (mine.pk, root.pk, foreign.pk, 0)
    ]

    assert answers == [200, 404, 404, 404]


def test_opening_without_scripts_is_remembered_and_returns_to_the_page(client, root):
    sales = DepartmentFactory(parent=root, name="Sales")
    DepartmentFactory(parent=sales, name="East")
    client.force_login(member_of(root.organization))
    page = reverse("orgs:department-list")

    back = client.get(
        reverse("orgs:tree-toggle", args=[sales.pk]) + "?open=1",
        headers={"Referer": f"http://testserver{page}"},
    )

    assert back["Location"] == f"http://testserver{page}"
    assert "East" in client.get(page).content.decode()


def test_closing_without_scripts_is_remembered_too(client, root):
    DepartmentFactory(parent=root, name="Sales")
    client.force_login(member_of(root.organization))

    client.get(reverse("orgs:tree-toggle", args=[root.pk]))
    page = client.get(reverse("orgs:department-list"))

    assert shape(page.context["rail"].nodes) == {"Root": {}}


def test_toggling_never_leads_to_a_foreign_site(client, root):
    client.force_login(member_of(root.organization))

    response = client.get(
        reverse("orgs:tree-toggle", args=[root.pk]), headers={"Referer": "https://evil.example/"}
    )

    assert response["Location"] == reverse("home")


@pytest.mark.parametrize("cookie", ["", "1.2.x", "..", "9" * 40])
def test_a_made_up_cookie_does_no_harm(client, root, cookie):
    client.force_login(member_of(root.organization))
    client.cookies["tree_open"] = cookie

    assert client.get(reverse("orgs:department-list")).status_code == 200
