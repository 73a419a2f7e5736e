"""Finding the headings of an upload, and taking its rows by them."""

import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from admin_platform.spreadsheets import Column, SheetRow, errors, find_headings, read_values
from admin_platform.spreadsheets.rows import Mark

ACCOUNT = Column("account", _("Account"), required=True, also=("用户名",))
NAME = Column("name", _("full name"), required=True)
MOBILE = Column("mobile", _("Mobile"))
COLUMNS = [ACCOUNT, NAME, MOBILE]


def table(*rows: list[str]):
    return iter([SheetRow(number, cells) for number, cells in enumerate(rows, 1)])


@pytest.mark.parametrize(
    "headings",
    [
        ["Account", "Full name"],
        ["account*", " FULL NAME (required) "],
        ["用户名", "姓名"],
        ["Account：", "姓 名*（必填）"],
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_headings_are_found_in_every_language_with_what_people_add_to_them(headings, language):
    with override(language):
        found = find_headings(table(headings), COLUMNS)

    assert found.places == {"account": 0, "name": 1}


def test_a_title_above_the_headings_is_passed_over():
    rows = table(["2026 春招", "", ""], ["填写说明：Name"], ["Mobile", "Account", "Name"])

    headings = find_headings(rows, COLUMNS)

    assert headings.number == 3
    assert headings.places == {"mobile": 0, "account": 1, "name": 2}


def test_headings_that_no_column_has_are_told():
    assert find_headings(table(["Account", "Name", "Shoe size"]), COLUMNS).unknown == ["Shoe size"]


def test_a_missing_heading_is_named_by_the_row_that_comes_nearest():
    with override("en"), pytest.raises(errors.HeadingsMissing, match="“full name”"):
        find_headings(table(["Title"], ["Account", "Mobile"], ["ada", "1"]), COLUMNS)


def test_a_heading_that_is_there_twice_is_refused():
    with pytest.raises(errors.HeadingTwice, match="用户名"):
        find_headings(table(["Account", "Name", "用户名"]), COLUMNS)


def test_a_table_without_rows_is_refused():
    with pytest.raises(errors.EmptyTable):
        find_headings(table(), COLUMNS)


def test_headings_below_a_long_preface_are_not_searched_for():
    rows = table(*[["preface"]] * 20, ["Account", "Full name"])

    with pytest.raises(errors.HeadingsMissing):
        find_headings(rows, COLUMNS)


def test_rows_are_taken_by_their_headings():
    rows = table(["Name", "Account", "Shoe size"], ["Ada", "ada", "38"], ["", "", "39"], ["Bob"])

    values = list(read_values(rows, find_headings(rows, COLUMNS)))

    assert [(v.number, v.texts) for v in values] == [
        (2, {"name": "Ada", "account": "ada"}),
        (4, {"name": "Bob", "account": ""}),
    ]


def test_only_marks_in_known_columns_count():
    rows = iter(
        [
            SheetRow(1, ["Account", "Name", "Shoe size"]),
            SheetRow(2, ["ada", "", "38"], {1: Mark.FORMULA, 2: Mark.ERROR}),
        ]
    )

    (values,) = read_values(rows, find_headings(rows, COLUMNS))

    assert values.marks == {"name": Mark.FORMULA}


def test_headings_alone_are_an_empty_table():
    rows = table(["Account", "Full name"], ["", ""])

    with pytest.raises(errors.EmptyTable):
        list(read_values(rows, find_headings(rows, COLUMNS)))


def test_one_row_too_many_is_refused():
    rows = table(["Account", "Full name"], *[["ada", "Ada"]] * 4)
    headings = find_headings(rows, COLUMNS)

    with pytest.raises(errors.TooManyRows):
        list(read_values(rows, headings, max_rows=3))
