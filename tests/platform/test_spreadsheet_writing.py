"""Templates and exports, opened again as a spreadsheet program would."""

import csv
import io

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from admin_platform.spreadsheets import (
    Column,
    csv_lines,
    find_headings,
    neutralise,
    open_rows,
    read_values,
    write_template,
)

NAME = Column("name", "Name", required=True, note="The person's name.")
MAILBOX = Column("mailbox", "Mailbox", choices=("Yes", "No"))
DEPARTMENT = Column("department", "Department", choices=("A", "A / B", "C"), strict=False)
COLUMNS = [NAME, MAILBOX, DEPARTMENT]


def opened(rows=(), **kwargs):
    with override("en"), write_template(COLUMNS, rows, title="Accounts", **kwargs) as file:
        return load_workbook(file)


def test_a_template_can_be_filled_in_and_read_again():
    rows = [{"name": "=Ada", "mailbox": "Yes"}, {"name": "00123", "department": "A / B"}]

    with write_template(COLUMNS, rows, title="Accounts") as file, open_rows(file) as read:
        values = list(read_values(read, find_headings(read, COLUMNS)))

    assert [value.texts for value in values] == [
        {"name": "=Ada", "mailbox": "Yes", "department": ""},
        {"name": "00123", "mailbox": "", "department": "A / B"},
    ]
    assert not any(value.marks for value in values)


def test_headings_stay_in_view_and_explain_themselves():
    sheet = opened()["Accounts"]

    assert [cell.value for cell in sheet[1]] == ["Name*", "Mailbox", "Department"]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].comment.text == "The person's name."


def test_columns_are_text_so_that_leading_zeros_stay():
    assert opened()["Accounts"].column_dimensions["A"].number_format == "@"


def test_drop_downs_offer_the_choices_of_their_column():
    book = opened()
    drop_downs = {
        str(d.sqref): (d.formula1, d.showErrorMessage)
        for d in book["Accounts"].data_validations.dataValidation
    }

    assert drop_downs == {
        "B2:B1048576": ("'Choices'!$A$2:$A$3", True),
        "C2:C1048576": ("'Choices'!$B$2:$B$4", False),
    }
    assert [[cell.value for cell in row] for row in book["Choices"]] == [
        ["Mailbox", "Department"],
        ["Yes", "A"],
        ["No", "A / B"],
        [None, "C"],
    ]


def test_a_sheet_explains_the_columns():
    sheet = opened(notes=["One row for each person."])["Notes"]

    assert sheet["A1"].value == "One row for each person."
    assert [cell.value for cell in sheet[4]] == ["Name", "Yes", "The person's name."]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM", "\tx", "\rx"])
def test_what_could_be_a_formula_is_neutralised(text):
    assert neutralise(text) == f"'{text}"


def test_other_texts_are_left_alone():
    assert neutralise("ada=1") == "ada=1"


def test_a_csv_export_opens_right_in_excel_and_is_read_back_unchanged():
    rows = [["ada", "=cmd"], ["张三", 'two\nlines, "quoted"']]

    content = b"".join(csv_lines(["帐号", "备注"], rows))

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1] == [
        "ada",
        "'=cmd",
    ]
    with open_rows(io.BytesIO(content)) as read:
        assert [row.cells for row in read] == [["帐号", "备注"], *rows]


def test_a_long_csv_export_comes_in_pieces():
    pieces = list(csv_lines(["n"], ([str(n) * 20] for n in range(10_000))))

    assert len(pieces) > 3
    assert b"".join(pieces).count(b"\r\n") == 10_001
