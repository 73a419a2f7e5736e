import pytest

pytestmark = pytest.mark.django_db

LIST, COLUMNS = "/console/accounts/", "/console/accounts/columns/"


@pytest.fixture
def administrator(client, company):
    client.force_login(company.administrator)
    return client


def headings(client) -> list[str]:
    table = client.get(LIST).context["table"]
    return [str(column.header) for column in table.columns][2:-1]


def test_by_default_the_list_shows_what_most_look_for(administrator):
    assert headings(administrator) == ["帐号", "部门", "邮箱空间", "最近登录", "状态"]


def test_the_chosen_columns_are_kept_and_the_list_stays_where_it_was(administrator, company):
    company.account(name="张伟", mobile="13800000001", employee_no="A-7")

    answer = administrator.post(
        COLUMNS, {"column": ["mobile", "employee_no", "created"], "back": "q=张伟"}
    )

    assert answer["Location"] == "/console/accounts/?q=%E5%BC%A0%E4%BC%9F"
    assert headings(administrator) == ["工号", "手机号", "创建时间"]
    page = administrator.get(LIST).content.decode()
    assert "13800000001" in page
    assert "A-7" in page


def test_unknown_or_no_columns_show_the_default_ones(administrator):
    administrator.post(COLUMNS, {"column": ["password", "x"]})

    assert headings(administrator) == ["帐号", "部门", "邮箱空间", "最近登录", "状态"]
