"""Tables as people send them, and as an attacker would: the answer names sheet, row and column, or the rows come out as text."""

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from parley.registers.claims import Source
from parley.registers.columns import ColumnMap, find_header, read_map, write_map
from parley.registers.encodings import detect
from parley.registers.errors import IntakeBroken
from parley.registers.intake import people_of_book
from parley.registers.profile import as_data, profile_book
from parley.registers.safe_xml import tree
from parley.registers.sheets import MOST_CELL, Book, Place, column_letters, column_number, open_book, written

LIST = Source(kind="holder_list", evidence="list")


def rows(book: Book, sheet: str = "") -> list[tuple[int, list[str]]]:
    return [(row.number, list(row.cells)) for row in book.sheet(sheet).rows()]


def workbook(path: Path, cells: Mapping[tuple[int, int], Any], **more: Any) -> Path:
    """Write a workbook; a cell may be a value, or a tuple of value and format."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(more.get("name", "list"))
    for (row, column), value in cells.items():
        if isinstance(value, tuple):
            sheet.write(row, column, value[0], book.add_format(value[1]))
        elif isinstance(value, str) and value.startswith("=f"):
            sheet.write_formula(row, column, "=1+1", None, 2)
        else:
            sheet.write(row, column, value)
    for row in more.get("hidden_rows", ()):
        sheet.set_row(row, None, None, {"hidden": True})
    for column in more.get("hidden_columns", ()):
        sheet.set_column(column, column, None, None, {"hidden": True})
    for first, last, text in more.get("merged", ()):
        sheet.merge_range(*first, *last, text)
    if more.get("second"):
        book.add_worksheet("second").write(0, 0, "x")
        book.worksheets()[1].hide()
    book.close()
    return path


def tampered(path: Path, member: str, change: Any) -> Path:
    """Rewrite one member of an archive."""
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    members[member] = change(members.get(member, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def sheet_of(path: Path, inner: str) -> Path:
    """A workbook whose one sheet holds just this XML."""
    whole = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inner}</worksheet>'
    return tampered(workbook(path, {(0, 0): "x"}), SHEET, lambda _: whole.encode())


def ods(path: Path, inner: str, styles: str = "") -> Path:
    names = "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text", "style")
    )
    content = (
        f"<office:document-content{names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f'<office:body><office:spreadsheet><table:table table:name="t">{inner}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", content)
    return path


def refused(path: Path, sheet: str = "") -> IntakeBroken:
    with pytest.raises(IntakeBroken) as caught:
        list(open_book(path).sheet(sheet).rows())
    return caught.value


# -- what comes out


def test_cells_come_out_as_text_as_they_were_meant(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {
            (0, 0): "Прізвище",
            (1, 0): 1.0,
            (1, 1): 2.5,
            (1, 2): 31117,
            (2, 1): (date(1985, 3, 21), {"num_format": "dd.mm.yyyy"}),
            (3, 0): True,
        },
    )
    assert rows(open_book(path)) == [
        (1, ["Прізвище", "", ""]),
        (2, ["1", "2.5", "31117"]),
        (3, ["", "1985-03-21", ""]),
        (4, ["True", "", ""]),
    ]


def test_a_table_that_begins_in_the_middle_keeps_its_places(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {(4, 2): "x", (5, 3): "y"})
    found = rows(open_book(path))
    assert [number for number, _ in found] == [1, 2, 3, 4, 5, 6]
    assert found[4:] == [(5, ["", "", "x", ""]), (6, ["", "", "", "y"])]


def test_an_ods_comes_out_alike_with_repeated_cells_and_comments_left_out(tmp_path: Path) -> None:
    path = ods(
        tmp_path / "a.ods",
        '<table:table-row table:number-rows-repeated="3">'
        '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        '<table:table-row><table:table-cell/><table:table-cell office:value-type="string"><office:annotation><text:p>secret'
        "</text:p></office:annotation><text:p>Дуб</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7.0"><text:p>7,0</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="date" '
        'office:date-value="1985-03-21T00:00:00"><text:p>21.3.85</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>",
    )
    assert rows(open_book(path)) == [(4, ["", "Дуб", "7", "7"]), (5, ["1985-03-21"]), (6, ["1985-03-21"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-u"])
def test_plain_text_in_any_of_its_encodings_is_read_and_the_encoding_said(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    table = [["Прізвище", "Ім'я", "Дата народження"], ["Шевченко", "Олександр", "21.03.1985"], ["Їжак", "Єва", "1990"]]
    text = "\r\n".join(delimiter.join(row) for row in table)
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    book = open_book(path)
    assert [cells for _, cells in rows(book)] == table
    assert book.encoding is not None
    assert book.encoding.name == encoding
    guessed = encoding not in {"utf-8", "utf-8-sig", "utf-16"}
    assert (book.encoding.known_by == "guessed") == guessed == ("encoding" in book.sheets[0].notes.by_kind)


def test_arabic_of_an_old_program_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("الاسم;تاريخ الميلاد\nمحمد علي حسن;1985\nأحمد عبد الله;1990\n".encode("windows-1256"))
    book = open_book(path)
    assert rows(book)[1] == (2, ["محمد علي حسن", "1985"])
    assert book.encoding is not None
    assert (book.encoding.name, book.encoding.known_by) == ("windows-1256", "guessed")


def test_an_encoding_that_cannot_be_told_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"a;\xfe\nb;\xd1\n")
    assert refused(path).code == "intake.encoding_unclear"
    assert rows(open_book(path, encoding="cp1251"))[0] == (1, ["a", "ю"])
    with pytest.raises(IntakeBroken):
        open_book(path, encoding="rot13")


def test_letters_and_numbers_of_columns_are_one_another() -> None:
    assert [column_letters(one) for one in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_number(column_letters(one)) == one for one in range(2000))
    assert column_number("Щ") > 1 << 30
    assert written(date(1985, 3, 21)) == "1985-03-21"


# -- what a reader would not see


def test_what_is_hidden_merged_struck_or_computed_is_noted_with_its_place(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {(0, 0): "x", (1, 0): "=f", (2, 1): ("gone", {"font_strikeout": True}), (3, 0): "unseen"},
        hidden_rows=[3],
        hidden_columns=[2],
        merged=[((5, 0), (5, 2), "together")],
        second=True,
    )
    book = open_book(path)
    rows(book)
    notes = book.sheets[0].notes.by_kind
    assert {kind: note.places for kind, note in notes.items()} == {
        "formula": [Place(1, 2, "A")],
        "struck": [Place(1, 3, "B")],
        "hidden": [Place(1, 4), Place(1, 1, "C")],
        "merged": [Place(1, 6, "A")],
    }
    assert [one.hidden for one in book.sheets] == [False, True]
    assert book.sheets[1].notes.by_kind["hidden"].count == 1


def test_words_struck_out_inside_a_cell_are_noted(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet().write_rich_string(2, 1, "old ", book.add_format({"font_strikeout": True}), "new", " end")
    book.close()
    found = open_book(tmp_path / "a.xlsx")
    assert found.sheets[0].notes.by_kind["struck"].places == [Place(1, 3, "B")]


def test_the_same_of_an_ods(tmp_path: Path) -> None:
    path = ods(
        tmp_path / "a.ods",
        '<table:table-row table:visibility="collapse"><table:table-cell office:value-type="float" office:value="2" '
        'table:formula="of:=1+1"/><table:table-cell table:style-name="s" office:value-type="string"><text:p>x</text:p>'
        '</table:table-cell></table:table-row><table:table-row><table:table-cell table:number-columns-spanned="2" '
        'office:value-type="string"><text:p>y</text:p></table:table-cell><table:covered-table-cell/></table:table-row>',
        '<style:style style:name="s" style:family="table-cell"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style>',
    )
    notes = open_book(path).sheets[0].notes.by_kind
    assert {kind: note.places for kind, note in notes.items()} == {
        "hidden": [Place(1, 1)],
        "formula": [Place(1, 1, "A")],
        "struck": [Place(1, 1, "B")],
        "merged": [Place(1, 2, "A")],
    }


@pytest.mark.parametrize(
    ("kind", "more", "place"),
    [
        ("formula", {"cells": {(3, 0): "=f"}}, (4, "A")),
        ("hidden", {"hidden_rows": [2]}, (3, "-")),
        ("merged", {"merged": [((4, 0), (4, 1), "x")]}, (5, "A")),
        ("struck", {"cells": {(3, 1): ("x", {"font_strikeout": True})}}, (4, "B")),
    ],
)
def test_what_nobody_accepted_stops_an_intake_before_its_first_person(
    tmp_path: Path, kind: str, more: dict[str, Any], place: tuple[int, str]
) -> None:
    cells = {(0, 0): "surname", (1, 0): "Лис", (2, 0): "Дуб", **more.pop("cells", {})}
    path = workbook(tmp_path / "a.xlsx", cells, **more)
    said = ColumnMap(header=1, columns={"A": "surname"})
    with pytest.raises(IntakeBroken) as caught:
        next(people_of_book(open_book(path), said, LIST))
    facts = caught.value.facts
    assert (caught.value.code, facts["kind"], facts["sheet"]) == ("intake.not_accepted", kind, 1)
    assert (facts["row"], facts["column"]) == place
    accepted = ColumnMap(header=1, columns={"A": "surname"}, accept=frozenset({kind}))
    assert len(list(people_of_book(open_book(path), accepted, LIST))) >= 2


# -- attacks


def test_attack_a_cell_of_a_megabyte(tmp_path: Path) -> None:
    long = "я" * 1_000_000
    (tmp_path / "a.csv").write_text(f"a,b\nc,{long}\n", encoding="utf-8")
    found = refused(tmp_path / "a.csv")
    assert (found.code, found.facts) == (
        "intake.cell_too_long",
        {"sheet": 1, "row": 2, "column": "B", "most": MOST_CELL},
    )
    path = sheet_of(
        tmp_path / "a.xlsx",
        f'<sheetData><row r="3"><c r="D3" t="inlineStr"><is><t>{long}</t></is></c></row></sheetData>',
    )
    found = refused(path)
    assert (found.code, found.facts["row"], found.facts["column"]) == ("intake.cell_too_long", 3, "D")
    shared = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{long}</t></si></sst>'
    path = tampered(workbook(tmp_path / "b.xlsx", {(6, 1): "x"}), "xl/sharedStrings.xml", lambda _: shared.encode())
    found = refused(path)
    assert (found.code, found.facts["row"], found.facts["column"]) == ("intake.cell_too_long", 7, "B")
    found = refused(
        ods(
            tmp_path / "a.ods",
            f'<table:table-row><table:table-cell office:value-type="string"><text:p>{long}</text:p>'
            "</table:table-cell></table:table-row>",
        )
    )
    assert (found.code, found.facts["row"], found.facts["column"]) == ("intake.cell_too_long", 1, "A")


def test_attack_a_million_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n" + "x," * 1_000_000 + "x\n")
    found = refused(tmp_path / "a.csv")
    assert (found.code, found.facts["row"], found.facts["column"]) == (
        "intake.too_many_columns",
        2,
        column_letters(1_000_000),
    )
    path = sheet_of(tmp_path / "a.xlsx", '<sheetData><row r="2"><c r="BDWGO2"><v>1</v></c></row></sheetData>')
    found = refused(path)
    assert (found.code, found.facts["row"], found.facts["column"]) == ("intake.too_many_columns", 2, "BDWGO")
    path = sheet_of(tmp_path / "b.xlsx", f"<sheetData><row>{'<c><v>1</v></c>' * 100_000}</row></sheetData>")
    assert refused(path).code == "intake.too_many_columns"
    for cell in ('<table:table-cell table:number-columns-repeated="1000000"/>', ""):
        path = ods(
            tmp_path / "a.ods",
            f'<table:table-row>{cell}<table:table-cell table:number-columns-repeated="900000" office:value-type="string">'
            "<text:p>x</text:p></table:table-cell></table:table-row>",
        )
        found = refused(path)
        assert (found.code, found.facts["row"]) == ("intake.too_many_columns", 1)


def test_attack_two_cells_at_the_ends_of_the_world(tmp_path: Path) -> None:
    path = sheet_of(
        tmp_path / "a.xlsx",
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="999999"><c r="SR999999"><v>1</v></c></row></sheetData>',
    )
    assert refused(path).code == "intake.too_many_cells"
    path = sheet_of(tmp_path / "a.xlsx", '<sheetData><row r="1"><c r="A1048577"><v>1</v></c></row></sheetData>')
    assert refused(path).code == "intake.too_many_rows"
    row = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    path = ods(tmp_path / "a.ods", f'<table:table-row table:number-rows-repeated="1000000000">{row}</table:table-row>')
    assert refused(path).code == "intake.too_many_rows"
    wide = row.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="500"')
    path = ods(tmp_path / "b.ods", f'<table:table-row table:number-rows-repeated="900000">{wide}</table:table-row>')
    assert refused(path).code == "intake.too_many_cells"


def test_attack_a_small_archive_that_unpacks_to_a_mountain(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with (
        zipfile.ZipFile(workbook(path, {(0, 0): "x"}), "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/image1.bin", "w", force_zip64=True) as member,
    ):
        for _ in range(520):
            member.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 21
    assert refused(path).code == "intake.bomb"


def test_attack_an_archive_that_lies_about_its_size(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {(row, 0): "x" * 50 for row in range(2000)})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02", data.index(SHEET.encode()) + 1) if data.count(SHEET.encode()) else 0
    while data[at + 46 : at + 46 + len(SHEET)] != SHEET.encode():
        at = data.index(b"PK\x01\x02", at + 1)
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    assert refused(path).code in {"intake.unreadable", "intake.damaged"}


def test_attack_one_long_text_in_a_million_cells(tmp_path: Path) -> None:
    text = "x" * (MOST_CELL - 1)
    shared = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    cells = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{column_letters(at)}{row}" t="s"><v>0</v></c>' for at in range(200))
        + "</row>"
        for row in range(1, 601)
    )
    path = tampered(
        sheet_of(tmp_path / "a.xlsx", f"<sheetData>{cells}</sheetData>"),
        "xl/sharedStrings.xml",
        lambda _: shared.encode(),
    )
    assert refused(path).code == "intake.bomb"


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><a>&b;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "http://example.org/">]><a>&b;</a>',
        "<a>" * 500,
        "<a>" * 50 + "x",
        "<a",
        "",
        '<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_attack_xml_that_asks_for_more_than_itself(text: str) -> None:
    for data in (text.encode(), text.encode("utf-16")):
        with pytest.raises(IntakeBroken):
            tree(data)


def test_attack_entities_in_a_workbook(tmp_path: Path) -> None:
    evil = b'<!DOCTYPE w [<!ENTITY b "b">]><w>&b;</w>'
    for member in ("xl/workbook.xml", "xl/styles.xml", SHEET):
        path = tampered(workbook(tmp_path / "a.xlsx", {(0, 0): "x"}), member, lambda _: evil)
        assert refused(path).code in {"intake.unsafe_xml", "intake.unreadable"}
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("content.xml", evil)
    assert refused(tmp_path / "a.ods").code == "intake.unsafe_xml"


def test_attack_a_sheet_that_lies_outside_the_archive(tmp_path: Path) -> None:
    for target in (b"../../../etc/passwd", b"/etc/passwd", b"file:///etc/passwd"):
        path = tampered(
            workbook(tmp_path / "a.xlsx", {(0, 0): "x"}),
            "xl/_rels/workbook.xml.rels",
            lambda data, target=target: data.replace(b"worksheets/sheet1.xml", target),
        )
        assert refused(path).code == "intake.unreadable"


def test_attack_formulas_are_shown_and_never_run(tmp_path: Path) -> None:
    evil = "=cmd|' /C calc'!A0"
    (tmp_path / "a.csv").write_text(f'surname,given\n"{evil}",@SUM(1)\n')
    assert rows(open_book(tmp_path / "a.csv"))[1] == (2, [evil, "@SUM(1)"])


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.csv", "a.xls", "a.png", "a"])
def test_attack_a_file_that_is_something_else(tmp_path: Path, name: str) -> None:
    for data in (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"\0" * 100):
        (tmp_path / name).write_bytes(data)
        assert refused(tmp_path / name).code.startswith("intake.")
    assert refused(tmp_path / "missing.csv").code == "intake.unreadable"


@given(st.binary(max_size=300), st.sampled_from([".csv", ".tsv", ".xlsx", ".ods"]))
def test_whatever_bytes_are_given_the_answer_is_rows_or_a_code(data: bytes, ending: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_bytes(data)
        try:
            for one in open_book(path).sheets:
                assert all(isinstance(cell, str) for row in one.rows() for cell in row.cells)
        except IntakeBroken as broken:
            assert broken.code.startswith("intake.")  # noqa: PT017


@given(data=st.data())
def test_a_workbook_with_any_bytes_turned_gives_rows_or_a_code(data: st.DataObject, made: bytes) -> None:
    import tempfile

    changed = bytearray(made)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(changed)
        try:
            for one in open_book(path).sheets:
                list(one.rows())
        except IntakeBroken as broken:
            assert broken.code.startswith("intake.")  # noqa: PT017


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small workbook, for turning its bytes."""
    return workbook(
        tmp_path_factory.mktemp("made") / "a.xlsx", {(0, 0): "surname", (1, 0): "Лис", (2, 0): 7}
    ).read_bytes()


@given(st.text(max_size=200))
def test_whatever_is_written_its_encoding_is_found_or_asked_for(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        data = text.encode(encoding, errors="replace")
        try:
            found = detect(data)
        except IntakeBroken as broken:
            assert broken.code in {"intake.encoding_unclear", "intake.unreadable"}  # noqa: PT017
        else:
            data.decode(found.name, errors="replace")


# -- headers and maps


@pytest.mark.parametrize(
    ("heads", "fields"),
    [
        (
            ["№ з/п", "Прізвище, ім'я, по батькові", "Дата народження", "Військове звання", "В/ч"],
            "full_name birth_date rank unit",
        ),
        (
            ["Фамилия", "Имя", "Отчество", "Дата рожд.", "Личный номер"],
            "surname given_names father_name birth_date number",
        ),
        (["Surname", "First Name", "DOB", "Rank", "Place of birth"], "surname given_names birth_date rank birth_place"),
        (["الاسم الكامل", "تاريخ الميلاد", "الرتبة", "الوحدة"], "full_name birth_date rank unit"),
        (["ПІБ", "Д/н", "Дата зникнення", "Родичі"], "full_name birth_date event_date inform"),
        (["surname", "given_names", "birth_date"], "surname given_names birth_date"),
    ],
)
def test_a_header_is_found_under_junk_in_four_languages(tmp_path: Path, heads: list[str], fields: str) -> None:
    junk = [["Додаток 3 до листа"], [], ["Список", "станом на", "01.05.2025"]]
    out = io.StringIO()
    csv.writer(out).writerows([*junk, heads, ["1", "x", "y"]])
    (tmp_path / "a.csv").write_text(out.getvalue(), encoding="utf-8")
    header = find_header(open_book(tmp_path / "a.csv").sheets[0].rows())
    assert header.row == 4
    assert [one.field for one in header.columns if one.field] == fields.split()


def test_the_map_that_is_proposed_can_be_read_back_whatever_the_headings_hold(tmp_path: Path) -> None:
    heads = ["Прізвище", 'Ім\'я "повне"', "a\nb = 1", "]\\", "Прізвище"]
    out = io.StringIO()
    csv.writer(out).writerows([heads])
    (tmp_path / "a.csv").write_text(out.getvalue(), encoding="utf-8")
    header = find_header(open_book(tmp_path / "a.csv").sheets[0].rows())
    assert read_map(write_map('1"\\', header)).columns == {"A": "surname", "B": "given_names"}


@pytest.mark.parametrize(
    ("text", "code", "fact"),
    [
        ("columns = 3", "intake.map_malformed", "columns"),
        ("[columns]\nA = 1", "intake.map_malformed", "columns.A"),
        ("[columns]\na1 = 'surname'", "intake.map_malformed", "columns.a1"),
        ("[columns]\nA = 'photo'", "intake.map_unknown_field", "photo"),
        ("[columns]\nA = ''", "intake.map_malformed", "columns"),
        ("dates = 'ydm'\n[columns]\nA = 'surname'", "intake.map_malformed", "dates"),
        ("not_after = '16.05.2025'\n[columns]\nA = 'surname'", "intake.map_malformed", "not_after"),
        ("accept = ['everything']\n[columns]\nA = 'surname'", "intake.map_malformed", "accept"),
        ("run = 'x'\n[columns]\nA = 'surname'", "intake.map_malformed", "run"),
        ("header = true\n[columns]\nA = 'surname'", "intake.map_malformed", "header"),
        ("]", "intake.map_malformed", "the file"),
    ],
)
def test_a_map_that_makes_no_sense_is_told_where(text: str, code: str, fact: str) -> None:
    with pytest.raises(IntakeBroken) as caught:
        read_map(text)
    assert caught.value.code == code
    assert fact in caught.value.facts.values()


def test_a_map_for_another_sheet_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("surname,given\nЛис,Іван\n", encoding="utf-8")
    book = open_book(tmp_path / "a.csv")
    for said, code in (
        (ColumnMap(columns={"C": "rank"}), "intake.map_no_column"),
        (ColumnMap(columns={"A": "surname"}, header=2), "intake.no_rows"),
        (ColumnMap(columns={"A": "surname"}, sheet="7"), "intake.no_such_sheet"),
    ):
        with pytest.raises(IntakeBroken) as caught:
            next(people_of_book(book, said, LIST))
        assert caught.value.code == code


def test_each_value_knows_its_cell(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {(2, 1): "Прізвище", (2, 2): "Дата народження", (3, 1): "Лис", (3, 2): "03/04/85", (5, 1): "Дуб"},
    )
    said = ColumnMap(header=3, columns={"B": "surname", "C": "birth_date"}, not_after="2025-05-16")
    first, second = people_of_book(open_book(path), said, LIST, file="a.xlsx", digest="d")
    assert [(one.field, one.written, str(one.origin)) for one in first] == [
        ("surname", "Лис", "a.xlsx 1!B4"),
        ("birth_date", "03/04/85", "a.xlsx 1!C4"),
    ]
    assert (first[1].value, first[1].doubts) == ("", ("two_digit_year",))
    assert [str(one.origin) for one in second] == ["a.xlsx 1!B6"]


# -- profiles


def test_a_profile_counts_dates_by_certainty_and_finds_mixed_scripts_unseen_signs_and_doubles(tmp_path: Path) -> None:
    table = [
        ["Прізвище", "Ім'я", "Дата народження"],
        ["Шeвченко", "Іван", "21.03.1985"],  # a Latin e
        ["Дуб", "Іван\u200b", "03.1985"],
        ["Лис-Ivanov", "Ivan", "1985"],
        ["Лис", "Олена", "31117"],
        ["Клен", "Олена", "03/04/1985"],
        ["ЛИС", "олена", "31117"],
        ["В'яз", "Олег", "бл. 1985"],
        ["В’яз", "Олег", "21/04/1985"],
        ["Граб", "", ""],
    ]
    out = io.StringIO()
    csv.writer(out).writerows(table)
    (tmp_path / "a.csv").write_text(out.getvalue(), encoding="utf-8")
    (found,) = profile_book(open_book(tmp_path / "a.csv"))
    surname, given, born = found.columns
    assert (found.rows, surname.filled, given.filled, born.filled) == (9, 9, 8, 8)
    assert dict(born.dates) == {"full": 2, "month": 1, "year": 1, "serial": 2, "unclear": 1, "coarse": 1}
    assert (born.day_first, born.month_first) == (1, 0)
    assert (surname.mixed, surname.places["mixed"]) == (1, [Place(1, 2, "A")])
    assert (given.unseen, given.places["unseen"]) == (1, [Place(1, 3, "B")])
    assert (found.doubles, found.double_rows) == ([(5, 7)], 2)
    assert dict(found.without_minimum) == {"given_names": 1, "birth_date": 1}
    (data,) = as_data([found])
    assert data["map"] == {"A": "surname", "B": "given_names", "C": "birth_date"}


def test_a_profile_shows_no_words_of_any_cell_under_the_header(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Прізвище,Ім'я,Родичі\nТаємний,Хтось,мати Секретна\n" * 3, encoding="utf-8")
    told = str(as_data(profile_book(open_book(tmp_path / "a.csv"))))
    assert not any(word in told for word in ("Таємний", "Хтось", "Секретна"))
