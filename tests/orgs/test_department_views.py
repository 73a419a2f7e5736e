import json
import re

import pytest
from django.urls import reverse

from accounts.presets import AUDITOR, DEPARTMENT_ADMINISTRATOR
from orgs.models import Department
from tests.factories.accounts import AccountFactory
from tests.factories.orgs import DepartmentFactory, OrganizationFactory
from tests.orgs.tree import fresh, member_of, outline

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def root():
    return DepartmentFactory(organization=OrganizationFactory(), name="Root")


@pytest.fixture
def sales(root):
    return DepartmentFactory(parent=root, name="Sales", description="Sells")


@pytest.fixture
def administrator(client, root):
    account = member_of(root.organization)
    client.force_login(account)
    return account


def url(name, department):
    return reverse(f"orgs:{name}", args=[department.pk])


def edit(name, description="", seen_name="Sales", seen_description="Sells"):
    return {
        "name": name,
        "description": description,
        "seen_name": seen_name,
        "seen_description": seen_description,
    }


# URL, method, and what somebody with the function in scope gets.
PAGES = [
    ("department-detail", "get", 200),
    ("department-create", "get", 200),
    ("department-create", "post", 422),
    ("department-edit", "get", 200),
    ("department-edit", "post", 422),
    ("department-move", "get", 200),
    ("department-move", "post", 422),
    ("department-delete", "get", 200),
    ("department-drop", "post", 302),
    ("department-shift", "post", 302),
    ("tree-children", "get", 200),
]


@pytest.mark.parametrize(("name", "method", "expected"), PAGES)
def test_who_gets_which_page(client, root, sales, name, method, expected):
    inner, outer = DepartmentFactory(parent=sales), DepartmentFactory(parent=root)
    foreign = DepartmentFactory(organization=OrganizationFactory())

    def act(address):
        return getattr(client, method)(address, {"sent": "1"})

    anonymous = act(url(name, inner))
    assert anonymous["Location"].startswith("/admin.jsp") or anonymous.status_code == 302

    client.force_login(AccountFactory(organization=root.organization))
    assert act(url(name, inner)).status_code == 403
    client.force_login(member_of(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales)))
    codes = [act(url(name, d)).status_code for d in (inner, outer, foreign)]

    assert codes == [expected, 404, 404]


@pytest.mark.parametrize(("name", "method", "_expected"), PAGES)
def test_an_auditor_may_look_and_not_change(client, root, sales, name, method, _expected):
    client.force_login(member_of(root.organization, AUDITOR))

    code = getattr(client, method)(url(name, sales)).status_code

    assert code == (200 if name in ("department-detail", "tree-children") else 403)
    assert outline(root) == {"Sales": {}}


@pytest.mark.parametrize("name", ["department-drop", "department-shift"])
def test_what_acts_needs_a_post(client, sales, administrator, name):
    assert client.get(url(name, sales)).status_code == 405


def test_an_auditor_is_offered_nothing_to_change(client, root, sales):
    client.force_login(member_of(root.organization, AUDITOR))

    page = client.get(url("department-detail", sales)).content.decode()

    assert url("department-edit", sales) not in page
    assert url("department-create", sales) not in page
    assert url("department-move", sales) not in page
    assert "data-drop" not in page


def test_the_page_shows_description_path_children_and_counts(client, root, sales, administrator):
    east = DepartmentFactory(parent=sales, name="East <b>", description="Shanghai")
    AccountFactory(organization=root.organization, department=sales)
    AccountFactory.create_batch(2, organization=root.organization, department=east)

    response = client.get(url("department-detail", sales))
    page = response.content.decode()

    assert response.context["counts"].total == 3
    assert response.context["counts"].direct == 1
    (child,) = response.context["children"]
    assert (child.department, child.counts.total, child.children) == (east, 2, 0)
    assert "Sells" in page
    assert "East &lt;b&gt;" in page
    assert "East <b>" not in page


def test_the_first_page_is_the_whole_organization_or_the_granted_department(client, root, sales):
    client.force_login(member_of(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales)))
    of_department = client.get(reverse("orgs:department-list")).context["department"]
    client.force_login(member_of(root.organization))
    of_all = client.get(reverse("orgs:department-list")).context["department"]

    assert (of_department, of_all) == (sales, root)


def test_who_covers_no_department_any_more_is_refused(client, root):
    account = member_of(root.organization)
    account.grants.get().departments.clear()
    client.force_login(account)

    page = client.get(reverse("orgs:department-list"))

    assert page.status_code == 403


def test_a_department_is_created_and_the_page_told_to_show_it(client, root, sales, administrator):
    response = client.post(
        url("department-create", sales), {"name": "East", "description": "SH"}, headers=HTMX
    )

    assert response.status_code == 204
    events = json.loads(response["HX-Trigger"])
    assert events["departments-changed"] is True
    assert events["dialog:close"] is True
    assert outline(root) == {"Sales": {"East": {}}}
    assert str(sales.pk) in response.cookies["tree_open"].value.split(".")


def test_without_scripts_creating_leads_back_to_the_department(client, root, sales, administrator):
    response = client.post(url("department-create", sales), {"name": "East"})

    assert response["Location"] == url("department-detail", sales)
    assert "East" in client.get(response["Location"]).content.decode()


def test_a_refused_name_is_shown_at_its_field_with_what_was_typed(
    client, root, sales, administrator
):
    response = client.post(url("department-create", root), {"name": "Sales"}, headers=HTMX)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"name"}
    assert 'value="Sales"' in response.content.decode()


@pytest.mark.parametrize("name", ["A/B", "x" * 65, " ", "a\x00b"])
def test_what_is_no_name_is_refused_by_the_form(client, root, administrator, name):
    response = client.post(url("department-create", root), {"name": name})

    assert response.status_code == 422
    assert outline(root) == {}


def test_name_and_description_are_edited_in_place(client, sales, administrator):
    row = client.get(url("department-edit", sales) + "?in=row&focus=name", headers=HTMX)
    saved = client.post(
        url("department-edit", sales) + "?in=row", edit("Trade", "Trades"), headers=HTMX
    )

    assert row.content.decode().strip().startswith("<tr")
    assert saved.status_code == 204
    assert (fresh(sales).name, fresh(sales).description) == ("Trade", "Trades")


def test_without_scripts_editing_is_a_page(client, sales, administrator):
    page = client.get(url("department-edit", sales))
    saved = client.post(url("department-edit", sales), edit("Trade"))

    assert "<html" in page.content.decode()
    assert saved["Location"] == url("department-detail", sales)
    assert fresh(sales).description == ""


def test_of_two_who_edit_at_once_the_second_is_told_and_may_then_replace(
    client, sales, administrator
):
    address = url("department-edit", sales) + "?in=head"
    Department.objects.filter(pk=sales.pk).update(name="Commerce")

    refused = client.post(address, edit("Trade", "Sells"), headers=HTMX)
    again = client.post(address, edit("Trade", "Sells", seen_name="Commerce"), headers=HTMX)

    assert refused.status_code == 422
    assert 'name="seen_name" value="Commerce"' in refused.content.decode()
    assert 'value="Trade"' in refused.content.decode()
    assert again.status_code == 204
    assert fresh(sales).name == "Trade"


def test_the_name_of_the_granted_department_is_shown_but_not_editable(client, root, sales):
    client.force_login(member_of(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales)))

    page = client.get(url("department-detail", sales)).content.decode()
    saved = client.post(url("department-edit", sales), edit("Empire", "Ours"))

    assert "focus=description" in page
    assert "focus=name" not in page
    assert url("department-delete", sales) not in page
    assert saved.status_code == 302
    assert (fresh(sales).name, fresh(sales).description) == ("Sales", "Ours")


def test_a_department_is_moved_to_the_chosen_one(client, root, sales, administrator):
    east = DepartmentFactory(parent=root, name="East")

    response = client.post(
        url("department-move", east),
        {"target": sales.pk, "seen_parent": root.pk},
        headers=HTMX,
    )

    assert response.status_code == 204
    assert outline(root) == {"Sales": {"East": {}}}


def test_a_move_can_be_undone_from_its_message(client, root, sales, administrator):
    first = DepartmentFactory(parent=sales, name="First")
    DepartmentFactory(parent=sales, name="Second")
    before = outline(root)

    moved = client.post(url("department-move", first), {"target": root.pk}, headers=HTMX)
    undo = json.loads(moved["HX-Trigger"])["toast"]["undo"]
    client.post(undo, headers=HTMX)

    assert outline(root) == before


@pytest.mark.parametrize("choice", ["", "x", "self", "outside", "foreign"])
def test_a_place_that_cannot_be_is_refused_in_the_dialog(client, root, sales, choice):
    inner = DepartmentFactory(parent=sales, name="Inner")
    outside = DepartmentFactory(parent=root, name="Outside")
    foreign = DepartmentFactory(organization=OrganizationFactory())
    ids = {"self": inner.pk, "outside": outside.pk, "foreign": foreign.pk}
    client.force_login(member_of(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales)))

    response = client.post(url("department-move", inner), {"target": ids.get(choice, choice)})

    assert response.status_code == 422
    assert response.context["form"].errors
    assert fresh(inner).parent == sales


def test_the_picker_offers_what_is_in_scope_and_not_the_department_itself(client, root, sales):
    inner = DepartmentFactory(parent=sales, name="Inner")
    DepartmentFactory(parent=root, name="Outside")
    client.force_login(member_of(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales)))

    page = client.get(url("department-move", inner), headers=HTMX).content.decode()

    assert f'value="{sales.pk}"' in page
    (choice,) = re.findall(rf'<input[^>]*value="{inner.pk}"[^>]*>', page)
    assert "disabled" in choice
    assert "Outside" not in page


def test_the_picker_is_searched_without_leaving_the_dialog(client, root, sales, administrator):
    DepartmentFactory(parent=root, name="Finance")

    part = client.get(url("department-move", sales), {"q": "fin"}, headers=HTMX).content.decode()

    assert part.strip().startswith('<div class="picktree"')
    assert "Finance" in part
    assert "Sales" not in part


def test_a_refused_move_keeps_what_was_searched_and_chosen(client, root, sales, administrator):
    east = DepartmentFactory(parent=sales, name="East")
    DepartmentFactory(parent=root, name="East")
    DepartmentFactory(parent=root, name="Finance")

    response = client.post(url("department-move", east), {"target": root.pk, "q": "roo"})

    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(rf'value="{root.pk}"\s+checked', page)
    assert 'value="roo"' in page
    assert "Finance" not in page


def test_a_chosen_department_stays_in_the_list_whatever_is_searched(
    client, root, sales, administrator
):
    finance = DepartmentFactory(parent=root, name="Finance")
    moved = DepartmentFactory(parent=root, name="East")

    part = client.get(
        url("department-move", moved), {"q": "sal", "target": finance.pk}, headers=HTMX
    ).content.decode()

    assert re.search(rf'value="{finance.pk}"\s+checked', part)


def test_a_drop_in_the_tree_moves_and_a_refused_one_leaves_the_page(
    client, root, sales, administrator
):
    east = DepartmentFactory(parent=root, name="East")
    DepartmentFactory(parent=sales, name="East")

    beside = client.post(
        url("department-drop", east) + f"?target={sales.pk}&position=left", headers=HTMX
    )
    refused = client.post(url("department-drop", east) + f"?target={sales.pk}", headers=HTMX)

    assert beside.status_code == 204
    assert (refused.status_code, refused["HX-Reswap"]) == (422, "none")
    assert "East" in json.loads(refused["HX-Trigger"])["toast"]["text"]
    assert outline(root) == {"East": {}, "Sales": {"East": {}}}


def test_siblings_change_places_step_by_step(client, root, sales, administrator):
    DepartmentFactory(parent=root, name="East")

    response = client.post(url("department-shift", sales), {"places": "1"})

    assert response["Location"] == url("department-detail", root)
    assert list(outline(root)) == ["East", "Sales"]


def test_deleting_asks_first_and_then_leads_to_the_parent(client, root, sales, administrator):
    asked = client.get(url("department-delete", sales))
    deleted = client.post(url("department-delete", sales))

    assert asked.status_code == 200
    assert deleted["Location"] == url("department-detail", root)
    assert outline(root) == {}


def test_deleting_from_the_page_of_the_parent_stays_there(client, root, sales, administrator):
    here = "http://testserver" + url("department-detail", root)
    response = client.post(url("department-delete", sales), headers=HTMX | {"HX-Current-URL": here})

    assert response.status_code == 204
    assert "departments-changed" in response["HX-Trigger"]


def test_deleting_the_department_of_the_page_leads_away_from_it(client, root, sales, administrator):
    here = "http://testserver" + url("department-detail", sales)
    response = client.post(url("department-delete", sales), headers=HTMX | {"HX-Current-URL": here})

    assert response["HX-Redirect"] == url("department-detail", root)


def test_a_department_in_use_is_not_deleted_and_the_way_out_is_linked(
    client, root, sales, administrator
):
    DepartmentFactory(parent=sales)

    asked = client.get(url("department-delete", sales), headers=HTMX).content.decode()
    refused = client.post(url("department-delete", sales), headers=HTMX)

    assert "1 个子部门" in asked
    assert url("department-detail", sales) in asked
    assert "btn--danger-solid" not in asked
    assert refused.status_code == 422
    assert fresh(sales)


def test_recent_changes_are_told_in_words(client, root, sales, administrator):
    client.post(url("department-create", sales), {"name": "East"})

    page = client.get(url("department-detail", sales)).content.decode()

    assert f"{administrator.name} 新建部门 East" in page


@pytest.mark.parametrize("breadth", [3, 30])
def test_the_page_takes_the_same_queries_however_many_departments(
    client, root, administrator, breadth, django_assert_max_num_queries
):
    for _ in range(breadth):
        child = DepartmentFactory(parent=root)
        DepartmentFactory(parent=child)
        AccountFactory(organization=root.organization, department=child)
    address = url("department-detail", root)
    client.get(address)

    with django_assert_max_num_queries(17):
        client.get(address)
