"""Reading uploads: the formats, the encodings, and files that mean harm."""

import datetime as dt
import io
import zipfile
from unittest import mock

import pytest
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.styles import Font

from admin_platform.spreadsheets import SheetRow, SpreadsheetRefused, errors, open_rows, xlsx
from admin_platform.spreadsheets.child import Scan
from admin_platform.spreadsheets.rows import Mark


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def read(content: bytes, **limits) -> list[SheetRow]:
    with open_rows(io.BytesIO(content), **limits) as rows:
        return list(rows)


def cells(content: bytes) -> list[list[str]]:
    return [row.cells for row in read(content)]


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The workbook with parts replaced or added; `sheet` stands for the first worksheet."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "types": "[Content_Types].xml"}
    changed = {names.get(name, name): data for name, data in parts.items()}
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changed.pop(name, None) or old.read(name))
        for name, data in changed.items():
            new.writestr(name, data)
    return file.getvalue()


def test_an_xlsx_file_is_read_with_the_row_numbers_of_the_spreadsheet():
    book = Workbook()
    book.active["B3"], book.active["C5"] = "帐号", "ada"

    rows = read(saved(book))

    assert rows == [SheetRow(3, ["", "帐号", ""]), SheetRow(5, ["", "", "ada"])]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" 张 三 ", "张 三"),
        ("00123", "00123"),
        (13800001111, "13800001111"),
        (13800001111.0, "13800001111"),
        (0.5, "0.5"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (dt.date(2027, 1, 31), "2027-01-31"),
        (dt.datetime(2027, 1, 31, 8, 30), "2027-01-31 08:30:00"),
    ],
)
def test_values_are_told_as_one_would_type_them(value, text):
    assert cells(workbook(["x", value])) == [["x", text]]


def test_a_number_shown_with_leading_zeros_keeps_them():
    book = Workbook()
    book.active["A1"] = 123
    book.active["A1"].number_format = "00000"
    book.active["A2"] = 7

    assert cells(saved(book)) == [["00123"], ["7"]]


def test_a_formula_is_marked_in_its_cell():
    (row,) = read(workbook(["ada", "=A1&A2", "x"]))

    assert row.marks == {1: Mark.FORMULA}


@pytest.mark.parametrize("size", [1, 2, 7, 64, 10_000])
def test_formulas_are_found_wherever_the_parts_of_a_long_sheet_are_cut(size):
    content = workbook(*[[f"user{n}", "=A1" if n % 3 == 0 else n] for n in range(9)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    scan = Scan({})

    scan.read(sheet[place : place + size] for place in range(0, len(sheet), size))

    assert sorted(scan.marks) == [0, 3, 6]
    assert scan.rows == 9


def test_a_cell_that_shows_an_error_is_marked():
    (row,) = read(workbook(["ada", "#N/A"]))

    assert row.marks == {1: Mark.ERROR}


def test_a_number_of_which_excel_lost_digits_is_marked():
    (row,) = read(workbook([110101199003077715, 123456789012345]))

    assert row.marks == {0: Mark.IMPRECISE}


def test_cells_behind_a_merged_one_are_marked():
    book = Workbook()
    for row in (["帐号", "部门"], ["ada", "研发"], ["bob", ""]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")

    rows = read(saved(book))

    assert [dict(row.marks) for row in rows] == [{}, {}, {1: Mark.MERGED}]


def test_formatted_but_empty_cells_do_not_count():
    book = Workbook()
    book.active["A1"] = "ada"
    book.active["XFD1048576"].font = Font(bold=True)

    assert cells(saved(book)) == [["ada"]]


def test_the_first_visible_sheet_is_read():
    book = Workbook()
    book.active.title, book.active.sheet_state = "hidden", "hidden"
    book.create_sheet("shown").append(["ada"])

    assert cells(saved(book)) == [["ada"]]


def test_an_empty_workbook_has_no_rows():
    assert read(workbook()) == []


def test_a_stray_cell_at_the_far_end_is_refused_before_memory_is_taken():
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "ada", "x"

    with pytest.raises(errors.TooFarApart, match="1,048,576"):
        read(saved(book), max_columns=20_000)


def test_a_reader_that_runs_out_of_memory_is_an_ordinary_error():
    far = b'<c r="XFD1048576" t="n"><v>1</v></c>'.replace(b'r="XFD1048576"', b"r='XFD1048576'")
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">' + far + b"</row></sheetData>"
        b"</worksheet>"
    )

    with pytest.raises(errors.Unreadable):
        read(repacked(workbook(["x"]), sheet=sheet))


def test_a_reader_that_takes_too_long_is_stopped():
    content = workbook(*[["x"] * 50] * 4000)

    with mock.patch.object(xlsx, "CPU_SECONDS", 0), pytest.raises(errors.Unreadable):
        read(content)


def test_a_zip_bomb_is_refused_by_what_it_says_of_itself():
    bomb = repacked(workbook(["x"]), **{"xl/media/bomb": b"\0" * 50_000_000})

    assert len(bomb) < 100_000
    with pytest.raises(errors.TooBig):
        read(bomb)


def test_a_zip_bomb_that_lies_about_its_size_is_refused():
    cell = b'<c r="A1" t="inlineStr"><is><t>' + b"0" * 30_000_000 + b"</t></is></c>"
    sheet = b"<worksheet><sheetData><row r='1'>" + cell + b"</row></sheetData></worksheet>"
    bomb = bytearray(repacked(workbook(["x"]), sheet=sheet))
    place = bomb.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
    bomb[place : place + 4] = (1000).to_bytes(4, "little")

    with pytest.raises(SpreadsheetRefused):
        read(bytes(bomb))


def test_an_archive_of_very_many_files_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(2001):
            archive.writestr(f"{number}", b"")

    with pytest.raises(errors.TooBig):
        read(file.getvalue())


def test_more_rows_than_can_be_read_are_refused_with_their_number():
    content = workbook(*[[f"user{n}"] for n in range(60)])

    with pytest.raises(errors.TooManyRows, match="60 rows; 10"):
        read(content, max_rows=10)


def test_more_columns_than_can_be_read_are_refused():
    with pytest.raises(errors.TooManyColumns):
        read(workbook(["x"] * 201))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.EmptyTable),
        (b" \r\n\r\n", errors.EmptyTable),
        (b"%PDF-1.7 ...", errors.NotASpreadsheet),
        (b"\x89PNG\r\n\x1a\n", errors.NotASpreadsheet),
        (b"MZ\x90\x00\x03", errors.NotASpreadsheet),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, errors.OldOrLocked),
        (b"<html><table><tr><td>ada</td></tr></table></html>", errors.SaveAsXlsx),
        (b"PK\x03\x04 cut off", errors.Broken),
    ],
)
def test_other_kinds_of_files_are_told_apart_by_their_content(content, error):
    with pytest.raises(error):
        read(content)


def test_a_word_document_is_no_table():
    types = b'<Types><Override ContentType="wordprocessingml.document.main+xml"/></Types>'

    with pytest.raises(errors.NotASpreadsheet):
        read(repacked(workbook(["x"]), types=types))


def test_a_damaged_workbook_is_refused():
    with pytest.raises(errors.Broken):
        read(repacked(workbook(["x"]), sheet=b"<worksheet><sheetData><row"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_and_with_the_delimiters_of_the_office(encoding, delimiter):
    text = f"帐号{delimiter}姓名\r\nada{delimiter}艾达\r\n"

    assert cells(text.encode(encoding)) == [["帐号", "姓名"], ["ada", "艾达"]]


def test_characters_that_only_gb18030_has_are_read():
    assert cells("姓名\r\n𠮷野家\r\n".encode("gb18030")) == [["姓名"], ["𠮷野家"]]


def test_csv_rows_have_the_numbers_that_a_spreadsheet_program_gives_them():
    text = '帐号,备注\r\nada,"two\nlines"\r\n\r\n,\r\nbob,x\r\n'

    assert [row.number for row in read(text.encode())] == [1, 2, 5]


def test_csv_may_name_its_delimiter():
    assert cells(b"sep=|\r\nada|b,c\r\n") == [["ada", "b,c"]]


def test_csv_in_an_unknown_encoding_is_refused_with_the_row():
    content = "帐号\r\nada\r\n".encode() + b"\xff\xff\xff\r\n"

    with pytest.raises(errors.UnknownEncoding, match="Row 3"):
        read(content)


def test_a_quotation_mark_that_is_never_closed_is_refused_with_the_row():
    content = b'name\r\nada\r\n"bob\r\n' + b"x" * 200_000

    with pytest.raises(errors.BrokenRow, match="Row 3"):
        read(content)


def test_csv_with_too_many_rows_is_refused():
    with pytest.raises(errors.TooManyRows):
        read(b"ada\n" * 200, max_rows=100)


def test_cells_neutralised_by_an_export_are_read_as_they_were():
    (row,) = read(b"'+8613800001111,'=x,=1+1,'quoted\n")

    assert row.cells == ["+8613800001111", "=x", "=1+1", "'quoted"]
    assert row.marks == {2: Mark.FORMULA}


def test_leaving_early_ends_the_reading_process():
    with open_rows(io.BytesIO(workbook(*[["x"] * 20] * 3000))) as rows:
        first = next(rows)

    assert first.number == 1
    with pytest.raises(StopIteration):
        next(rows)
