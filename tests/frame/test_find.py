import pytest

from accounts.presets import DEPARTMENT_ADMINISTRATOR, FULL_ADMINISTRATOR
from admin_platform.finders import LIMIT
from tests.factories.accounts import AccountFactory, grant, grant_functions
from tests.factories.orgs import DepartmentFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


def found(client, query) -> dict[str, list[str]]:
    sections = client.get("/console/find/", {"q": query}).context["sections"]
    return {str(section.label): [hit.text for hit in section.found] for section in sections}


def test_functions_that_begin_with_the_query_come_first(client):
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)

    names = found(client, "yx")["功能"]

    assert names.index("邮箱大师") < names.index("欢迎信")
    assert len(names) <= LIMIT


def test_only_departments_in_scope_are_found(client):
    root = DepartmentFactory(organization=OrganizationFactory())
    north = DepartmentFactory(parent=root, name="North")
    DepartmentFactory(parent=north, name="North shop")
    DepartmentFactory(parent=root, name="North pole")
    DepartmentFactory(organization=OrganizationFactory(), name="North abroad")
    account = AccountFactory(organization=root.organization, department=north)
    grant(account, DEPARTMENT_ADMINISTRATOR, north)
    client.force_login(account)

    assert found(client, "north")["部门"] == ["North", "North shop"]


@pytest.mark.parametrize("path", ["/console/find/", "/console/departments/search/"])
def test_a_query_that_the_database_cannot_hold_is_answered(client, path):
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)

    assert client.get(path, {"q": "研\x00"}).status_code == 200


def test_who_may_not_see_departments_finds_none(client):
    account = AccountFactory()
    grant_functions(account, "log.view")
    DepartmentFactory(parent=account.memberships.get().department, name="North")
    client.force_login(account)

    assert found(client, "north") == {}


def test_nothing_typed_finds_nothing(client):
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)

    assert found(client, "  ") == {}


def test_the_number_of_hits_is_announced_beside_the_search_field(client):
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)

    part = client.get("/console/find/", {"q": "欢迎信"}, headers={"HX-Request": "true"})

    assert '<span id="found-count" hx-swap-oob="innerHTML">' in part.content.decode()
    assert "1 项结果" in part.content.decode()
