import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.presets import AUDITOR, DEPARTMENT_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from admin_platform.models import AuditRecord
from admin_platform.spreadsheets import Values
from orgs.models import MAX_LEVELS, Department
from orgs.services.department_import import import_departments
from tests.factories.accounts import AccountFactory
from tests.factories.orgs import DepartmentFactory, OrganizationFactory
from tests.orgs.tree import assert_valid_tree, fresh, member_of, operator_in, outline

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return DepartmentFactory(organization=OrganizationFactory(), name="Root")


@pytest.fixture
def actor(root):
    return operator_in(root.organization)


def take(root, actor, *rows, **options):
    """Import rows of path, description and order, numbered from 2."""
    values = [
        Values(number, dict(zip(("path", "description", "order"), row, strict=False)))
        for number, row in enumerate(rows, 2)
    ]
    return import_departments(
        organization=root.organization, rows=values, source="tree.xlsx", actor=actor, **options
    )


def upload(client, *rows, name="tree.xlsx", **fields):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return client.post(
        reverse("orgs:department-import"),
        {"file": SimpleUploadedFile(name, file.getvalue()), **fields},
    )


def test_missing_departments_are_created_with_all_that_leads_to_them(root, actor):
    result = take(root, actor, ("Sales / East / Shanghai", "SH"), ("Sales", "Sells"), ("Research",))

    assert (result.rows, result.created, result.errors) == (3, 4, [])
    assert outline(root) == {"Sales": {"East": {"Shanghai": {}}}, "Research": {}}
    assert Department.objects.get(name="Sales").description == "Sells"
    assert_valid_tree(root)


def test_existing_departments_get_the_description_and_keep_it_where_the_cell_is_blank(root, actor):
    sales = DepartmentFactory(parent=root, name="Sales", description="old")
    legal = DepartmentFactory(parent=root, name="Legal", description="kept")

    result = take(root, actor, ("Sales", "new"), ("Legal", ""))

    assert (result.created, result.described) == (0, 1)
    assert (fresh(sales).description, fresh(legal).description) == ("new", "kept")


def test_siblings_come_in_the_order_of_the_file_the_others_where_they_were(root, actor):
    for name in ("A", "B", "C"):
        DepartmentFactory(parent=root, name=name)

    result = take(root, actor, ("C", "", "1"), ("D", "", "2"), ("E",))

    assert "".join(outline(root)) == "CADBE"
    assert result.reordered == 1
    assert_valid_tree(root)


def test_new_departments_fit_into_a_tree_with_accounts_and_deeper_branches(root, actor):
    sales = DepartmentFactory(parent=root, name="Sales")
    DepartmentFactory(parent=sales, name="East")
    DepartmentFactory(parent=root, name="Legal")
    AccountFactory(organization=root.organization, department=sales)

    take(root, actor, ("Sales / West",), ("Sales / East / Shanghai",), ("Sales / East / Hangzhou",))

    assert outline(root) == {
        "Sales": {"East": {"Shanghai": {}, "Hangzhou": {}}, "West": {}},
        "Legal": {},
    }
    assert_valid_tree(root)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("",), "path"),
        (("A / / B",), "path"),
        (("A / " + "x" * 65,), "path"),
        ((" / ".join("abcdefghijklm"),), "path"),
        (("A", "x" * 501), "description"),
        (("A", "", "first"), "order"),
        (("A", "", "0"), "order"),
        (("A", "", "9" * 5000), "order"),
    ],
)
def test_a_bad_row_is_told_by_row_and_column_and_the_good_ones_go_in(root, actor, row, column):
    result = take(root, actor, ("Good",), row)

    (error,) = result.errors
    assert (error.number, error.column) == (3, column)
    assert error.reason
    assert error.label
    assert outline(root) == {"Good": {}}


def test_a_path_as_deep_as_the_tree_may_be_goes_in(root, actor):
    assert len("abcdefghijkl") == MAX_LEVELS

    assert take(root, actor, (" / ".join("abcdefghijkl"),)).created == MAX_LEVELS


def test_a_path_that_is_there_twice_names_the_first_row(root, actor):
    result = take(root, actor, ("A", "first"), ("B",), (" A ", "second"))

    (error,) = result.errors
    assert error.number == 4
    assert "2" in error.reason
    assert Department.objects.get(name="A").description == "first"


def test_a_path_may_begin_with_the_organization_itself(root, actor):
    take(root, actor, ("Root", "All of us"), ("Root / Sales",))

    assert outline(root) == {"Sales": {}}
    assert fresh(root).description == "All of us"


def test_on_choice_nothing_goes_in_when_a_row_is_bad(root, actor):
    result = take(root, actor, ("Good",), ("",), all_or_nothing=True)

    assert not result.written
    assert outline(root) == {}
    assert not AuditRecord.objects.exists()


def test_a_department_administrator_imports_within_the_scope_only(root):
    sales = DepartmentFactory(parent=root, name="Sales")
    DepartmentFactory(parent=root, name="Legal")
    actor = operator_in(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(sales))

    result = take(
        root,
        actor,
        ("Sales / East", "", "1"),
        ("Sales", "ours"),
        ("Sales", "", "1"),
        ("Legal", "theirs"),
        ("Legal / Contracts",),
        ("Marketing",),
        ("Root", "theirs"),
    )

    assert [error.number for error in result.errors] == [4, 5, 6, 7, 8]
    assert outline(root) == {"Sales": {"East": {}}, "Legal": {}}
    assert fresh(sales).description == "ours"


def test_an_import_is_recorded_as_a_whole_and_piece_by_piece(root, actor):
    DepartmentFactory(parent=root, name="Sales", description="old")

    take(root, actor, ("Sales", "new"), ("Sales / East",))

    summary, *pieces = AuditRecord.objects.order_by("pk")
    assert summary.action == "department.imported"
    assert summary.after == {"file": "tree.xlsx", "created": 1, "described": 1, "reordered": 0}
    assert {(p.action, p.batch) for p in pieces} == {
        ("department.created", summary.batch),
        ("department.changed", summary.batch),
    }


def test_importing_the_same_again_changes_nothing(root, actor):
    rows = [("Sales", "Sells", "1"), ("Sales / East", "", "1"), ("Legal", "", "2")]
    take(root, actor, *rows)
    records = AuditRecord.objects.count()

    result = take(root, actor, *rows)

    assert (result.created, result.described, result.reordered) == (0, 0, 0)
    assert AuditRecord.objects.count() == records


def test_ten_thousand_departments_are_imported_at_once(root, actor, django_assert_max_num_queries):
    rows = [(f"D{n % 100} / E{n}",) for n in range(10_000)]

    with django_assert_max_num_queries(60):
        result = take(root, actor, *rows)

    assert result.created == 10_100
    last = Department.objects.get(name="E9999")
    assert (last.level, last.parent.name) == (2, "D99")
    assert fresh(root).rght == 2 * 10_101


def download(client, name):
    response = client.get(reverse(f"orgs:{name}"))
    return load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def exported(client):
    book = download(client, "department-export")
    _headings, *rows = [list(row) for row in book.worksheets[0].iter_rows()]
    return [[cell.value or "" for cell in row] for row in rows], rows


def test_what_is_exported_can_be_imported_into_another_tree(client, root):
    sales = DepartmentFactory(parent=root, name="Sales", description="Sells")
    DepartmentFactory(parent=sales, name="East")
    DepartmentFactory(parent=root, name="Legal")
    client.force_login(member_of(root.organization))

    rows, _cells = exported(client)
    other = DepartmentFactory(organization=OrganizationFactory(), name="Other")
    take(other, operator_in(other.organization), *rows)

    assert rows == [["Sales", "Sells", "1"], ["Sales / East", "", "1"], ["Legal", "", "2"]]
    assert outline(other) == outline(root)


def test_an_export_holds_the_scope_only_and_paths_from_the_organization_down(client, root):
    sales, legal = (DepartmentFactory(parent=root, name=name) for name in ("Sales", "Legal"))
    east = DepartmentFactory(parent=sales, name="East")
    DepartmentFactory(parent=east, name="Shanghai")
    DepartmentFactory(parent=sales, name="West")
    client.force_login(
        member_of(root.organization, DEPARTMENT_ADMINISTRATOR, fresh(east), fresh(legal))
    )

    rows, _cells = exported(client)

    assert rows == [
        ["Sales / East", "", ""],
        ["Sales / East / Shanghai", "", "1"],
        ["Legal", "", ""],
    ]


@pytest.mark.parametrize("start", "=+-@")
def test_a_cell_that_looks_like_a_formula_is_exported_as_text(client, root, start):
    DepartmentFactory(parent=root, name="Sales", description=f"{start}cmd|' /C calc'!A0")
    client.force_login(member_of(root.organization))

    _rows, cells = exported(client)

    assert cells[0][1].data_type == "s"


def test_a_workbook_is_imported_and_its_bad_rows_shown(client, root):
    client.force_login(member_of(root.organization))

    response = upload(
        client, ["部门路径", "描述", "排序"], ["Sales / East", "SH", 1], ["<script> / x/", "", ""]
    )
    page = response.content.decode()

    assert response.status_code == 200
    assert outline(root) == {"Sales": {"East": {}}}
    assert "&lt;script&gt; / x/" in page
    assert "两个“/”之间缺少名称。" in page


def test_a_csv_file_in_gbk_is_imported_too(client, root):
    client.force_login(member_of(root.organization))
    text = io.StringIO()
    csv.writer(text).writerows([["部门路径", "描述"], ["销售中心 / 华东大区", "上海"]])
    file = SimpleUploadedFile("tree.csv", text.getvalue().encode("gbk"))

    client.post(reverse("orgs:department-import"), {"file": file})

    assert outline(root) == {"销售中心": {"华东大区": {}}}


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 600_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"no table at all \x00\x01", b"\x89PNG\r\n\x1a\n", bomb()]
)
def test_what_is_no_table_is_refused_as_a_whole(client, root, content):
    client.force_login(member_of(root.organization))

    response = client.post(
        reverse("orgs:department-import"), {"file": SimpleUploadedFile("tree.xlsx", content)}
    )

    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert outline(root) == {}


def test_the_template_is_a_table_that_can_be_imported(client, root):
    client.force_login(member_of(root.organization))

    book = download(client, "department-template")
    book.worksheets[0].append(["Sales", "Sells", "1"])
    file = io.BytesIO()
    book.save(file)
    client.post(
        reverse("orgs:department-import"),
        {"file": SimpleUploadedFile("filled.xlsx", file.getvalue())},
    )

    assert outline(root) == {"Sales": {}}


@pytest.mark.parametrize("name", ["department-import", "department-template"])
def test_who_only_looks_can_export_but_not_import(client, root, name):
    client.force_login(member_of(root.organization, AUDITOR))

    assert client.get(reverse(f"orgs:{name}")).status_code == 403
    assert download(client, "department-export")


def test_an_import_goes_by_the_grants_of_whoever_imports(root):
    account = AccountFactory(organization=root.organization)

    result = take(root, operator_of(account), ("Sales",))

    assert len(result.errors) == 1
    assert outline(root) == {}
