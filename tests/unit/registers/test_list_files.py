"""The list that crosses the boundary, read from files as offices really save them."""

from pathlib import Path

import pytest
import xlsxwriter

from parley.registers.sheet import SheetBroken, read_people, write_people

HEADER = ("line", "surname", "given_names", "category")
ROWS = (("N1", "Вигаданий", "Їжак", "soldiers"), ("N2", "Несуществующий", "Пётр", "soldiers"))


def text(sign: str) -> str:
    return "".join(sign.join(row) + "\r\n" for row in (HEADER, *ROWS))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize(("sign", "ending"), [(",", "csv"), (";", "csv"), ("\t", "csv"), ("\t", "tsv")])
def test_a_list_is_read_as_spreadsheets_save_it(encoding: str, sign: str, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"list.{ending}"
    file.write_bytes(text(sign).encode(encoding))
    assert [(one.line, one.fields["surname"], one.fields["given_names"]) for one in read_people(file)] == [
        row[:3] for row in ROWS
    ]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(text(","), encoding="utf-8")
    people = read_people(tmp_path / "list.csv")
    write_people(tmp_path / "again.xlsx", people)
    assert read_people(tmp_path / "again.xlsx") == people


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SheetBroken) as caught:
        read_people(tmp_path / "nowhere.csv")
    assert caught.value.code == "sheet.missing"


def test_a_formula_in_a_list_is_named_by_its_place_and_not_taken(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "list.xlsx")
    sheet = book.add_worksheet()
    for number, row in enumerate((HEADER, *ROWS)):
        sheet.write_row(number, 0, row)
    sheet.write_formula(2, 1, '="Somebody"', None, "Somebody")
    book.close()
    with pytest.raises(SheetBroken) as caught:
        read_people(tmp_path / "list.xlsx")
    assert (caught.value.code, dict(caught.value.facts)) == ("sheet.unseen", {"sheet": 1, "row": 3, "column": "B"})
