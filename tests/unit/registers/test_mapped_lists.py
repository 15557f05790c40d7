"""A list taken out of a table as somebody sent it: by a map of its columns, row by row, and nothing is guessed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.registers.columns import ColumnMap
from parley.registers.errors import IntakeBroken
from parley.registers.mapped import ForAll, people_by_map, propose_map, sample_columns
from parley.registers.sheet import SheetBroken
from parley.words import Refusal

MESSY = """Додаток 2,,,,,
№,Прізвище,Ім'я,Дата народження,Телефон матері,Особовий номер
1,Лисенко,Іван,21.03.1985,+380,A-1
2,Дyбенко,Олена,03/04/1986,+380,A-2
,Кленовий,Олег,31117,,
2,Вербова,Ганна,бл. 1990,,A-4
"""


def file(folder: Path, text: str = MESSY) -> Path:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


def by_hand(**columns: str) -> ColumnMap:
    return ColumnMap(header=2, columns=columns)


def test_a_map_is_proposed_for_what_may_cross_and_for_nothing_else(tmp_path: Path) -> None:
    said = propose_map(file(tmp_path))
    assert said.header == 2
    assert said.columns["B"] == "surname"
    assert said.columns["D"] == "birth_date"
    assert "E" not in said.columns


def test_each_column_is_shown_as_written_beside_what_is_read_in_its_dates(tmp_path: Path) -> None:
    columns = {one.letters: one for one in sample_columns(file(tmp_path), propose_map(file(tmp_path)))}
    assert columns["E"].heading == "Телефон матері"
    assert columns["E"].field == ""
    assert [one.written for one in columns["E"].samples] == ["+380", "+380"]
    born = columns["D"].samples
    assert [one.written for one in born] == ["21.03.1985", "03/04/1986", "31117", "бл. 1990"]
    assert [one.date.value for one in born if one.date is not None] == ["1985-03-21", "1986", "", "1990~"]


def test_rows_go_as_written_and_every_row_that_cannot_is_told_with_its_place(tmp_path: Path) -> None:
    said = by_hand(A="line", B="surname", C="given_names", D="birth_date")
    found = people_by_map(file(tmp_path), said, ForAll(category="soldier", letters="N"))
    assert [one.line for one in found.people] == ["N1", "N2"]
    assert found.people[1].fields == {
        "surname": "Дyбенко",
        "given_names": "Олена",
        "birth_date": "03/04/1986",
        "category": "soldier",
    }
    assert found.refused == (
        Refusal("sheet.cell_missing", {"row": 5, "column": "A"}),
        Refusal("sheet.line_double", {"row": 6}),
    )


def test_rows_are_counted_where_no_column_holds_the_line(tmp_path: Path) -> None:
    said = by_hand(B="surname")
    found = people_by_map(file(tmp_path), said, ForAll(category="soldier", letters="N"))
    assert [one.line for one in found.people] == ["N1", "N2", "N3", "N4"]


def test_a_count_that_starts_again_gives_nobody_the_line_of_another(tmp_path: Path) -> None:
    said = by_hand(B="surname")
    found = people_by_map(file(tmp_path), said, ForAll(category="soldier", letters="N"), taken={"N2"})
    assert [one.line for one in found.people] == ["N1", "N3", "N4"]
    assert found.refused == (Refusal("sheet.line_taken", {"row": 4, "line": "N2"}),)


def test_a_new_version_names_its_old_lines_in_a_column(tmp_path: Path) -> None:
    said = by_hand(A="line", B="surname")
    found = people_by_map(file(tmp_path), said, ForAll(category="soldier", letters="N"), taken={"N1", "N2"})
    assert [one.line for one in found.people] == ["N1", "N2"]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"A": "line", "B": "surname", "E": "phone"}, "sheet.column_unknown"),
        ({"A": "line", "B": "surname", "E": "inform"}, "sheet.column_unknown"),
        ({"A": "line", "B": "surname", "C": "surname"}, "sheet.column_double"),
        ({"A": "line", "C": "given_names"}, "sheet.column_missing"),
    ],
)
def test_a_map_that_lets_something_cross_or_tells_too_little_is_refused(
    tmp_path: Path, columns: dict[str, str], code: str
) -> None:
    with pytest.raises(SheetBroken) as broken:
        people_by_map(file(tmp_path), by_hand(**columns), ForAll(category="soldier", letters="N"))
    assert broken.value.code == code


@pytest.mark.parametrize(
    ("for_all", "code"),
    [
        (ForAll(letters="N"), "sheet.column_missing"),
        (ForAll(category="soldier"), "sheet.column_missing"),
        (ForAll(category="soldier", letters="n"), "sheet.letters_malformed"),
        (ForAll(category="soldier", letters="N1"), "sheet.letters_malformed"),
    ],
)
def test_what_no_column_says_must_be_said_for_all(tmp_path: Path, for_all: ForAll, code: str) -> None:
    with pytest.raises(SheetBroken) as broken:
        people_by_map(file(tmp_path), by_hand(B="surname"), for_all)
    assert broken.value.code == code


def test_a_table_with_nothing_under_its_header_gives_no_list(tmp_path: Path) -> None:
    with pytest.raises(SheetBroken, match="no_rows"):
        people_by_map(file(tmp_path), ColumnMap(header=9, columns={"B": "surname"}), ForAll(category="x", letters="N"))


@given(
    rows=st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=12),
    header=st.integers(0, 5),
    fields=st.lists(st.sampled_from(["line", "surname", "category", "birth_date", "rank", ""]), max_size=6),
)
def test_whatever_stands_in_a_table_each_row_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], header: int, fields: list[str]
) -> None:
    path = tmp_path_factory.mktemp("any") / "list.tsv"
    text = "\n".join("\t".join(cell.replace("\t", " ").replace('"', "") for cell in row) for row in rows)
    path.write_text(text, encoding="utf-8", errors="replace")
    said = ColumnMap(header=header, columns={"ABCDEF"[at]: field for at, field in enumerate(fields) if field})
    try:
        sample_columns(path, said)
        found = people_by_map(path, said, ForAll(category="soldier", letters="N"))
    except (SheetBroken, IntakeBroken):
        return
    lines = [one.line for one in found.people]
    assert len(set(lines)) == len(lines)
    assert all(one.fields["surname"] and one.fields["category"] for one in found.people)
